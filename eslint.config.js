// Lint rules: strict types, Svelte's own rules, and the product's: one clock, no stray output.
import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const clockMessage = 'Time comes from the injected Clock (src/lib/server/clock.ts).';
const readsTime = [
	{
		selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
		message: clockMessage,
	},
	{ selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clockMessage },
];
const waits = [
	{ selector: 'CallExpression[callee.name=/^(setTimeout|setInterval)$/]', message: clockMessage },
	{
		selector:
			'CallExpression[callee.object.name=globalThis][callee.property.name=/^(setTimeout|setInterval)$/]',
		message: clockMessage,
	},
	{
		selector: "CallExpression[callee.object.name='Bun'][callee.property.name='sleep']",
		message: clockMessage,
	},
];

export default ts.config(
	{
		ignores: [
			'build/',
			'.svelte-kit/',
			'data/',
			'static/',
			'test-results/',
			'playwright-report/',
			'src/lib/server/db/migrations/',
		],
	},
	js.configs.recommended,
	...ts.configs.strictTypeChecked,
	...svelte.configs.recommended,
	prettier,
	...svelte.configs.prettier,
	{
		languageOptions: {
			globals: { ...globals.node, ...globals.browser, Bun: 'readonly' },
			parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] },
		},
		rules: {
			'no-undef': 'off',
			eqeqeq: 'error',
			'no-console': 'error',
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': [
				'error',
				{ considerDefaultExhaustiveForUnions: true },
			],
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
			'@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			// an async function may only satisfy an interface
			'@typescript-eslint/require-await': 'off',
			// SvelteKit's redirect() and error() are thrown as they are
			'@typescript-eslint/only-throw-error': 'off',
		},
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts', '**/*.svelte.js'],
		languageOptions: {
			parserOptions: {
				projectService: true,
				extraFileExtensions: ['.svelte'],
				parser: ts.parser,
				svelteConfig,
			},
		},
	},
	{
		// auto-subscribed stores have unresolved types inside components
		files: ['**/*.svelte'],
		rules: {
			'@typescript-eslint/no-unsafe-argument': 'off',
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/no-unsafe-call': 'off',
			'@typescript-eslint/no-unsafe-member-access': 'off',
			'@typescript-eslint/no-unsafe-return': 'off',
		},
	},
	{
		files: ['src/lib/server/**/*.ts', 'src/routes/**/*.ts', 'src/hooks.server.ts'],
		ignores: ['src/lib/server/clock/**', 'src/lib/server/clock.ts', '**/*.test.ts'],
		rules: { 'no-restricted-syntax': ['error', ...readsTime, ...waits] },
	},
	{
		// pages run in a browser, where timers are the browser's; the time they show comes from the server
		files: ['src/routes/**/*.svelte'],
		rules: { 'no-restricted-syntax': ['error', ...readsTime] },
	},
	{
		files: ['**/*.test.ts', 'tests/**/*.ts', 'bench/**/*.ts'],
		rules: { 'no-console': 'off', '@typescript-eslint/no-non-null-assertion': 'error' },
	},
	{
		// merges into a generic interface of Svelte's, whose parameter must be repeated
		files: ['src/app.d.ts'],
		rules: { '@typescript-eslint/no-unused-vars': 'off' },
	},
	{
		files: ['**/*.js', '**/*.mjs'],
		...ts.configs.disableTypeChecked,
		rules: { ...ts.configs.disableTypeChecked.rules, 'no-console': 'off' },
	},
);
