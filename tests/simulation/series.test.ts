// A week of Sonarr 4 with 200 series, and of Whisparr 2.
import { describeDays } from './week';

describeDays('Sonarr 4 and Whisparr 2', [
	{
		kind: 'sonarr',
		options: { kind: 'sonarr4', library: { preset: 'large', series: 200, episodesPerSeries: 20 } },
	},
	{
		kind: 'whisparr',
		options: { kind: 'whisparr2', library: { preset: 'large', series: 20, episodesPerSeries: 40 } },
	},
]);
