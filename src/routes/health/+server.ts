// Readiness: the word for everybody, details for those who are known.
import { json } from '@sveltejs/kit';
import { healthReport, memoryUse } from '$lib/server/health';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals }) => {
	const report = await healthReport();
	const ready = report.status === 'ok' || report.status === 'degraded';
	const body = locals.actor === null ? { status: report.status } : { ...report, memory: memoryUse() };
	return json(body, { status: ready ? 200 : 503 });
};
