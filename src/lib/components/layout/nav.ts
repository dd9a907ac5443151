/** The places of the product, in their order. */
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import Clock from '@lucide/svelte/icons/history';
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import Library from '@lucide/svelte/icons/library';
import ListOrdered from '@lucide/svelte/icons/list-ordered';
import Plug from '@lucide/svelte/icons/plug';
import Settings from '@lucide/svelte/icons/settings';
import { resolve } from '$app/paths';
import type { ShellView } from '$lib/domain/views';
import type { Icon } from '../shared/vocabulary';

export interface Place {
	label: string;
	icon: Icon;
	href: string;
	/** Prefix of the route ids that belong to it. */
	route: string;
	key: string;
	count?: number;
	/** On the bottom bar of a phone. */
	bottom: boolean;
}

/** Resolved per render: the base of the address is known only then. */
export function places(shell: ShellView): Place[] {
	return [
		{
			label: 'Dashboard',
			icon: LayoutDashboard,
			href: resolve('/'),
			route: '/(app)',
			key: 'd',
			bottom: true,
		},
		{
			label: 'Wanted',
			icon: CircleDashed,
			href: resolve('/wanted'),
			route: '/(app)/wanted',
			key: 'w',
			count: shell.counts.wanted,
			bottom: true,
		},
		{
			label: 'Queue',
			icon: ListOrdered,
			href: resolve('/queue'),
			route: '/(app)/queue',
			key: 'q',
			count: shell.counts.queue,
			bottom: true,
		},
		{
			label: 'Content',
			icon: Library,
			href: resolve('/content'),
			route: '/(app)/content',
			key: 'c',
			bottom: false,
		},
		{
			label: 'Activity',
			icon: Clock,
			href: resolve('/activity'),
			route: '/(app)/activity',
			key: 'a',
			bottom: true,
		},
		{
			label: 'Connectors',
			icon: Plug,
			href: resolve('/connectors'),
			route: '/(app)/connectors',
			key: 'n',
			count: shell.connectors.length,
			bottom: false,
		},
		{
			label: 'Settings',
			icon: Settings,
			href: resolve('/settings'),
			route: '/(app)/settings',
			key: 's',
			bottom: false,
		},
	];
}

/** Whether a place is the current one; the page of an item or season belongs to Wanted. */
export function isCurrent(place: Place, routeId: string | null): boolean {
	if (routeId === null) return false;
	if (place.route === '/(app)') return routeId === '/(app)';
	if (place.route === '/(app)/wanted' && /^\/\(app\)\/(items|seasons)/.test(routeId)) return true;
	return routeId === place.route || routeId.startsWith(`${place.route}/`);
}
