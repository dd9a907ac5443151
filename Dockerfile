# The product in one container: Bun, the built app and an embedded PostgreSQL. Debian (glibc) by default,
# because the embedded PostgreSQL needs glibc. Runs unprivileged; the root file system may be read-only.
ARG BUN_IMAGE=oven/bun:1.4.5-slim

FROM ${BUN_IMAGE} AS deps
WORKDIR /app
COPY package.json bun.lock ./
RUN --mount=type=cache,target=/root/.bun/install/cache \
	bun install --frozen-lockfile --ignore-scripts

FROM deps AS build
ENV NODE_ENV=production
COPY . .
RUN bun --bun vite build

FROM ${BUN_IMAGE} AS prod-deps
WORKDIR /app
COPY package.json bun.lock ./
RUN --mount=type=cache,target=/root/.bun/install/cache \
	bun install --frozen-lockfile --production --ignore-scripts
# completes the library links of the embedded PostgreSQL, which the run-time user may not write
COPY server/pg-binaries.ts server/start-error.ts ./server/
RUN bun -e "console.log((await import('/app/server/pg-binaries.ts')).findBinaries())"

FROM ${BUN_IMAGE} AS final
WORKDIR /app
ENV NODE_ENV=production \
	DATA_DIR=/data \
	LOG_FORMAT=json \
	BUN_RUNTIME_TRANSPILER_CACHE_PATH=0 \
	BUN_JSC_forceRAMSize=268435456
RUN mkdir -p /data && chown bun:bun /data
COPY --from=prod-deps /app/node_modules ./node_modules
COPY --from=build /app/build ./build
COPY package.json ./
COPY server ./server
# what the process entry shares with the app
COPY src/lib/server/*.ts ./src/lib/server/
COPY src/lib/server/log ./src/lib/server/log
COPY src/lib/server/clock ./src/lib/server/clock
COPY src/lib/server/db/migrations ./src/lib/server/db/migrations
USER bun
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
	CMD ["bun", "-e", "const r = await fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health`).catch(() => null); process.exit(r?.ok ? 0 : 1)"]
CMD ["bun", "--smol", "server/main.ts"]
