/** Questions only the user can answer, and what the answer does. */
import { and, eq, isNull } from 'drizzle-orm';
import type { AppContext } from '../../app-context';
import { AppError, notFound } from '../../app-error';
import { findConnector, patchConnector } from '../../db/queries/connectors';
import { questions } from '../../db/schema';
import { recordEvent } from '../../events';

/** `accept`: what was found is right (the loss is real, the other instance is meant). `dismiss`: leave it as it is. */
export const ANSWERS = ['accept', 'dismiss'] as const;
export type QuestionAnswer = (typeof ANSWERS)[number];

/** Stores the answer and lets the connector work again; the next full sync acts on it. */
export async function answerQuestion(ctx: AppContext, id: number, answer: QuestionAnswer): Promise<void> {
	const connectorId = await ctx.db.transaction(async (tx) => {
		const now = ctx.clock.date();
		const [question] = await tx
			.update(questions)
			.set({ answer, answeredAt: now })
			.where(and(eq(questions.id, id), isNull(questions.answeredAt)))
			.returning();
		if (question === undefined) throw notFound('open question');
		const row = await findConnector(tx, question.connectorId);
		if (row === undefined) throw new AppError('not_found', 404, 'The connector is gone.');
		if (answer === 'accept') await patchConnector(tx, row.id, { heldReason: null, updatedAt: now });
		await recordEvent(tx, {
			at: now,
			type: 'connector.answered',
			connector: row,
			message:
				answer === 'accept'
					? `What was found in ${row.name} was accepted.`
					: `The question about ${row.name} was put aside.`,
			data: { kind: question.kind, answer },
		});
		return row.id;
	});
	ctx.wake.connectorChanged(connectorId);
}
