// Invented prose and names that give records the size of real ones.
import { hash } from '../random.ts';

const WORDS =
	'harbor winter lantern garden quiet river captain letter morning orchard engine mirror island stranger evening bridge summer village secret journey shadow copper window station distant promise silver mountain keeper thunder valley echo paper crown meadow signal tower hollow ember'.split(
		' ',
	);

function paragraph(seed: number, length: number): string {
	let text = '';
	for (let i = 0; text.length < length; i++) {
		const word = WORDS[hash(seed, i) % WORDS.length] ?? 'word';
		const starts = text === '' || text.endsWith('. ');
		text += starts ? word.charAt(0).toUpperCase() + word.slice(1) : word;
		text += hash(seed, i, 3) % 11 === 0 ? '. ' : ' ';
	}
	return `${text.slice(0, length - 1).trimEnd()}.`;
}

const PARAGRAPHS = Array.from({ length: 64 }, (_, index) => paragraph(index + 1, 1500));

export function overview(seed: number, length: number): string {
	const source = PARAGRAPHS[hash(seed, 5) % PARAGRAPHS.length] ?? '';
	const start = hash(seed, 6) % 200;
	return source.slice(start, start + length);
}

export function words(seed: number, count: number): string {
	const parts: string[] = [];
	for (let i = 0; i < count; i++) {
		const word = WORDS[hash(seed, i, 9) % WORDS.length] ?? 'word';
		parts.push(word.charAt(0).toUpperCase() + word.slice(1));
	}
	return parts.join(' ');
}

export function slugOf(title: string): string {
	const slug = title
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-+|-+$/g, '');
	return slug === '' ? 'untitled' : slug;
}

export function cleanOf(title: string): string {
	return title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

export function sortOf(title: string): string {
	return title.toLowerCase().replace(/^(the|a|an) /, '');
}

export function dotted(title: string): string {
	return title.replace(/[^\p{L}\p{N}]+/gu, '.').replace(/^\.+|\.+$/g, '');
}

const ENGLISH = { id: 1, name: 'English' };

export function english() {
	return { ...ENGLISH };
}
