// UnoCSS: the design tokens of the product on presetWind3 and presetShadcn.
import { defineConfig, presetAttributify, presetWind3, transformerVariantGroup } from 'unocss';
import presetAnimations from 'unocss-preset-animations';
import { presetShadcn } from 'unocss-preset-shadcn';
import { colors, shortcuts, variables } from './uno.theme';

// goes into the names of variables that bits-ui sets; the preset's types know two other libraries only
const bits = 'bits' as string as 'reka';

/** Script beside a class name (`row-start-1)`) is scanned as well, and would become broken CSS. */
function isUnbalanced(token: string): boolean {
	return token.split('(').length !== token.split(')').length;
}

export default defineConfig({
	blocklist: [isUnbalanced],
	content: { pipeline: { include: [/\.svelte($|\?)/, 'src/lib/components/**/*.ts'] } },
	presets: [
		presetWind3(),
		presetAnimations(),
		presetShadcn({ color: false, radius: 0.5 }, { componentLibrary: bits }),
		// without a prefix ordinary attributes such as size="sm" would turn into styles
		presetAttributify({ prefix: 'u-', prefixedOnly: true }),
	],
	// `max-md:(h-11 px-4)`: one condition for several utilities
	transformers: [transformerVariantGroup()],
	preflights: [{ getCSS: variables }],
	shortcuts,
	theme: {
		colors,
		boxShadow: {
			xs: '0 1px 2px 0 rgb(0 0 0 / 0.05)',
			float: '0 8px 24px oklch(0 0 0 / 0.18), 0 1px 3px oklch(0 0 0 / 0.12)',
		},
		borderRadius: { xs: '0.125rem', control: '8px', small: '7px', card: '10px', sheet: '16px' },
		fontFamily: {
			sans: "'Geist Variable', system-ui, 'Segoe UI', Roboto, sans-serif",
			mono: "'Geist Mono Variable', ui-monospace, 'SFMono-Regular', Menlo, monospace",
		},
		ringWidth: { '3': '3px' },
		data: {
			open: 'state="open"',
			closed: 'state="closed"',
			checked: 'state="checked"',
			unchecked: 'state="unchecked"',
			active: 'state="active"',
			disabled: 'disabled',
			highlighted: 'highlighted',
			selected: 'selected',
		},
		aria: { invalid: 'invalid="true"', current: 'current="page"', selected: 'selected="true"' },
	},
});
