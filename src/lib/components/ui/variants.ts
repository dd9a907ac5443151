/** Looks of controls that several components share, as class lists. */
import { tv, type VariantProps } from 'tailwind-variants';

export const button = tv({
	base: 'inline-flex items-center justify-center gap-1.5 rounded-control border border-transparent font-550 whitespace-nowrap select-none no-underline transition-colors duration-120 disabled:cursor-not-allowed aria-disabled:cursor-not-allowed',
	variants: {
		look: {
			primary:
				'bg-primary text-primary-foreground hover:bg-primary/90 disabled:(bg-muted text-muted-foreground border-border)',
			secondary:
				'bg-card text-foreground border-border hover:bg-secondary disabled:(bg-muted text-muted-foreground)',
			ghost: 'text-muted-foreground hover:(bg-secondary text-foreground) disabled:text-muted-foreground',
			danger:
				'bg-card text-destructive border-destructive/50 hover:(bg-destructive text-destructive-foreground border-destructive)',
		},
		size: {
			normal: 'h-[34px] px-3 type-small max-md:(h-[44px] px-4)',
			small: 'h-7 px-2.5 type-small rounded-small max-md:h-[36px]',
			large: 'h-10 px-5 type-body max-md:h-[46px]',
			icon: 'h-[34px] w-[34px] p-0 max-md:(h-[44px] w-[44px])',
		},
	},
	defaultVariants: { look: 'secondary', size: 'normal' },
});
export type ButtonLook = VariantProps<typeof button>['look'];
export type ButtonSize = VariantProps<typeof button>['size'];

export const control = tv({
	base: 'w-full h-[34px] rounded-control border border-input bg-background px-3 text-[14px] text-foreground placeholder:text-muted-foreground max-md:(h-[44px] text-[16px]) aria-invalid:border-destructive disabled:(bg-muted text-muted-foreground)',
});

/** Tint of a fill behind its own colour, and the plain colour of text. */
export type Tone =
	| 'neutral'
	| 'primary'
	| 'success'
	| 'warning'
	| 'destructive'
	| 'info'
	| 'pending'
	| 'grabbed'
	| 'cooldown'
	| 'exhausted'
	| 'lost';

export const toneText: Record<Tone, string> = {
	neutral: 'text-muted-foreground',
	primary: 'text-primary',
	success: 'text-success',
	warning: 'text-warning',
	destructive: 'text-destructive',
	info: 'text-info',
	pending: 'text-state-pending',
	grabbed: 'text-state-grabbed',
	cooldown: 'text-state-cooldown',
	exhausted: 'text-state-exhausted',
	lost: 'text-outcome-lost',
};

export const toneTint: Record<Tone, string> = {
	neutral: 'bg-secondary',
	primary: 'bg-primary/12',
	success: 'bg-success/12',
	warning: 'bg-warning/12',
	destructive: 'bg-destructive/12',
	info: 'bg-info/12',
	pending: 'bg-state-pending/12',
	grabbed: 'bg-state-grabbed/12',
	cooldown: 'bg-state-cooldown/12',
	exhausted: 'bg-state-exhausted/12',
	lost: 'bg-outcome-lost/12',
};

export const toneBox: Record<Tone, string> = {
	neutral: 'bg-secondary border-border',
	primary: 'bg-primary/12 border-primary/45',
	success: 'bg-success/12 border-success/45',
	warning: 'bg-warning/12 border-warning/45',
	destructive: 'bg-destructive/9 border-destructive/45',
	info: 'bg-info/12 border-info/45',
	pending: 'bg-state-pending/12 border-state-pending/45',
	grabbed: 'bg-state-grabbed/12 border-state-grabbed/45',
	cooldown: 'bg-state-cooldown/12 border-state-cooldown/45',
	exhausted: 'bg-state-exhausted/12 border-state-exhausted/45',
	lost: 'bg-outcome-lost/12 border-outcome-lost/45',
};
