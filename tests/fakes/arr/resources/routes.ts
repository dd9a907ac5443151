// The routes of each kind, built once.
import type { Routers } from '../http/door.ts';
import { Router } from '../http/router.ts';
import { traitsOf, type Kind, type Traits } from '../kinds.ts';
import { addActivityRoutes } from './activity.ts';
import { addBlocklistRoutes } from './blocklist.ts';
import { addCommandRoutes } from './commands.ts';
import { addHistoryRoutes } from './history.ts';
import { addMovieRoutes } from './movies.ts';
import { addNotificationRoutes } from './notifications.ts';
import { addPeopleRoutes } from './people.ts';
import { addProfileRoutes } from './profiles.ts';
import { addProviderRoutes } from './providers.ts';
import { addReleaseRoutes } from './release.ts';
import { addSeriesRoutes } from './series.ts';
import { addSettingRoutes } from './settings.ts';
import { addSystemRoutes } from './system.ts';
import { addVersion5Routes } from './version5.ts';
import { addWantedRoutes } from './wanted.ts';

const built = new Map<Kind, Routers>();

export function routersFor(kind: Kind): Routers {
	let known = built.get(kind);
	if (known === undefined) built.set(kind, (known = build(traitsOf(kind))));
	return known;
}

function build(traits: Traits): Routers {
	const v3 = new Router();
	addShared(v3, traits);
	if (traits.kind !== 'sonarr5') return { v3, v5: null };
	const v5 = new Router();
	addVersion5Routes(v5);
	addShared(v5, traits, false);
	return { v3, v5 };
}

function addShared(router: Router, traits: Traits, withOldNames = true): void {
	addSystemRoutes(router);
	if (traits.shape === 'series') addSeriesRoutes(router);
	else addMovieRoutes(router, traits);
	if (traits.wanted) addWantedRoutes(router);
	if (traits.family === 'whisparr3') addPeopleRoutes(router);
	addCommandRoutes(router);
	addHistoryRoutes(router, traits);
	addActivityRoutes(router);
	addBlocklistRoutes(router);
	addProfileRoutes(router);
	addSettingRoutes(router, withOldNames);
	addProviderRoutes(router);
	if (withOldNames) addNotificationRoutes(router);
	addReleaseRoutes(router);
}
