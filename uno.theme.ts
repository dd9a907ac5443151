// The colours of the product as bare OKLCH triplets (no alpha inside a variable), for both themes.

/** Light theme. */
const light = {
	background: '0.977 0.004 220',
	foreground: '0.235 0.018 235',
	card: '1 0 0',
	'card-foreground': '0.235 0.018 235',
	popover: '1 0 0',
	'popover-foreground': '0.235 0.018 235',
	primary: '0.5 0.083 196',
	'primary-foreground': '0.99 0.005 196',
	secondary: '0.945 0.007 220',
	'secondary-foreground': '0.29 0.02 235',
	muted: '0.955 0.006 220',
	'muted-foreground': '0.485 0.02 235',
	accent: '0.935 0.018 200',
	'accent-foreground': '0.3 0.045 205',
	destructive: '0.53 0.19 25',
	'destructive-foreground': '0.99 0.005 25',
	border: '0.905 0.008 225',
	input: '0.64 0.015 230',
	ring: '0.56 0.093 196',
	'chart-1': '0.56 0.093 196',
	'chart-2': '0.54 0.15 290',
	'chart-3': '0.6 0.13 65',
	'chart-4': '0.55 0.14 250',
	'chart-5': '0.56 0.15 350',
	sidebar: '0.958 0.006 220',
	'sidebar-foreground': '0.33 0.02 235',
	'sidebar-primary': '0.5 0.083 196',
	'sidebar-primary-foreground': '0.99 0.005 196',
	'sidebar-accent': '0.92 0.014 205',
	'sidebar-accent-foreground': '0.235 0.03 220',
	'sidebar-border': '0.9 0.008 225',
	'sidebar-ring': '0.56 0.093 196',
	success: '0.495 0.125 150',
	'success-foreground': '0.99 0.005 150',
	warning: '0.515 0.11 65',
	'warning-foreground': '0.99 0.005 65',
	info: '0.51 0.14 250',
	'info-foreground': '0.99 0.005 250',
	'state-pending': '0.5 0.02 235',
	'state-grabbed': '0.51 0.17 292',
	'state-cooldown': '0.5 0.06 255',
	'state-exhausted': '0.51 0.085 50',
	'outcome-lost': '0.52 0.15 350',
};

/** Dark theme. */
const dark: Record<keyof typeof light, string> = {
	background: '0.178 0.01 232',
	foreground: '0.935 0.006 220',
	card: '0.213 0.011 232',
	'card-foreground': '0.935 0.006 220',
	popover: '0.236 0.012 232',
	'popover-foreground': '0.935 0.006 220',
	primary: '0.79 0.105 192',
	'primary-foreground': '0.2 0.03 205',
	secondary: '0.272 0.013 232',
	'secondary-foreground': '0.92 0.006 220',
	muted: '0.25 0.012 232',
	'muted-foreground': '0.715 0.014 228',
	accent: '0.292 0.024 205',
	'accent-foreground': '0.94 0.015 195',
	destructive: '0.715 0.155 24',
	'destructive-foreground': '0.19 0.04 24',
	border: '0.292 0.012 232',
	input: '0.545 0.014 230',
	ring: '0.7 0.105 192',
	'chart-1': '0.75 0.105 192',
	'chart-2': '0.72 0.13 295',
	'chart-3': '0.79 0.125 75',
	'chart-4': '0.7 0.125 250',
	'chart-5': '0.72 0.135 350',
	sidebar: '0.155 0.009 232',
	'sidebar-foreground': '0.8 0.01 228',
	'sidebar-primary': '0.79 0.105 192',
	'sidebar-primary-foreground': '0.2 0.03 205',
	'sidebar-accent': '0.245 0.018 210',
	'sidebar-accent-foreground': '0.95 0.01 200',
	'sidebar-border': '0.25 0.011 232',
	'sidebar-ring': '0.7 0.105 192',
	success: '0.78 0.135 150',
	'success-foreground': '0.2 0.04 150',
	warning: '0.82 0.125 78',
	'warning-foreground': '0.2 0.04 78',
	info: '0.755 0.105 248',
	'info-foreground': '0.19 0.04 248',
	'state-pending': '0.725 0.014 228',
	'state-grabbed': '0.765 0.115 295',
	'state-cooldown': '0.74 0.05 258',
	'state-exhausted': '0.76 0.075 55',
	'outcome-lost': '0.745 0.125 350',
};

/** Names that follow another colour, so that one change moves all. */
const aliases: Record<string, string> = {
	'state-queued': 'info',
	'state-searching': 'primary',
	'state-done': 'success',
	'state-failed': 'destructive',
	'outcome-grabbed': 'state-grabbed',
	'outcome-nothing-found': 'state-pending',
	'outcome-not-searched': 'warning',
	'outcome-inconclusive': 'warning',
	'outcome-pending': 'info',
	'outcome-merged': 'state-cooldown',
	'outcome-error': 'destructive',
};

function declare(values: Record<string, string>): string {
	return Object.entries(values)
		.map(([name, value]) => `--${name}: ${value};`)
		.join('\n');
}

/** CSS that declares every colour variable. */
export function variables(): string {
	const alias = Object.fromEntries(Object.entries(aliases).map(([name, to]) => [name, `var(--${to})`]));
	// aliases stand in both rules: a variable is resolved where it is declared
	return `:root { ${declare({ ...light, ...alias })} } .dark { ${declare({ ...dark, ...alias })} } body { font-variant-numeric: tabular-nums; }`;
}

const own = [
	'success',
	'success-foreground',
	'warning',
	'warning-foreground',
	'info',
	'info-foreground',
	'state-pending',
	'state-grabbed',
	'state-cooldown',
	'state-exhausted',
	'outcome-lost',
];

/** UnoCSS looks a dashed colour name up in camel case. */
function camel(name: string): string {
	return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Theme colours that presetShadcn lacks, e.g. `text-state-grabbed`, `bg-warning/12`. */
export const colors: Record<string, string | Record<string, string>> = {
	...Object.fromEntries(
		[...own, ...Object.keys(aliases)].map((name) => [camel(name), `oklch(var(--${name}))`]),
	),
	chart: Object.fromEntries(['1', '2', '3', '4', '5'].map((n) => [n, `oklch(var(--chart-${n}))`])),
	sidebar: {
		DEFAULT: 'oklch(var(--sidebar))',
		foreground: 'oklch(var(--sidebar-foreground))',
		primary: 'oklch(var(--sidebar-primary))',
		'primary-foreground': 'oklch(var(--sidebar-primary-foreground))',
		accent: 'oklch(var(--sidebar-accent))',
		'accent-foreground': 'oklch(var(--sidebar-accent-foreground))',
		border: 'oklch(var(--sidebar-border))',
		ring: 'oklch(var(--sidebar-ring))',
	},
};

/** The type scale and the few surfaces that repeat. */
export const shortcuts: Record<string, string> = {
	'type-display': 'text-[28px] leading-[36px] font-620 tracking-[-0.022em]',
	'type-figure': 'text-[36px] leading-[44px] font-620 tracking-[-0.022em]',
	'type-item': 'text-[24px] leading-[30px] font-620 tracking-[-0.022em]',
	'type-title': 'text-[20px] leading-[28px] font-600 tracking-[-0.015em]',
	'type-verdict': 'text-[18px] leading-[26px] font-600',
	'type-lead': 'text-[16px] leading-[24px] font-550',
	'type-stat': 'text-[26px] leading-[32px] font-600 tracking-[-0.02em]',
	'type-name': 'text-[14px] leading-[20px] font-550',
	'type-body': 'text-[14px] leading-[20px]',
	'type-small': 'text-[13px] leading-[18px]',
	'type-caption': 'text-[12px] leading-[16px]',
	surface: 'bg-card text-card-foreground border border-border rounded-card',
	'surface-float': 'bg-popover text-popover-foreground border border-border rounded-card shadow-float',
	line: 'overflow-hidden text-ellipsis whitespace-nowrap min-w-0',
	tap: 'transition-colors duration-120',
	'quiet-link': 'text-primary font-550 hover:underline underline-offset-3',
};
