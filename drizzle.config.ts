// drizzle-kit: `npm run db:generate` writes the next migration from the schema.
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
	dialect: 'postgresql',
	schema: './src/lib/server/db/schema/index.ts',
	out: './src/lib/server/db/migrations',
	migrations: { prefix: 'timestamp' },
});
