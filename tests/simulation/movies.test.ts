// A week of Radarr 6 with 500 movies, and of Whisparr 3.
import { describeDays } from './week';

describeDays('Radarr 6 and Whisparr 3', [
	{ kind: 'radarr', options: { kind: 'radarr6', library: { preset: 'large', movies: 500 } } },
	{ kind: 'whisparr', options: { kind: 'whisparr3', library: { preset: 'large', scenes: 300 } } },
]);
