// What is read out of Lighthouse's results.

import type { Result } from 'lighthouse';

import { CATEGORIES } from './lighthouse.ts';

export interface Weights {
  total: number;
  wasm: number;
  js: number;
  css: number;
  other: number;
}

interface Transfer {
  url: string;
  mimeType?: string;
  transferSize?: number;
}

/** The bytes that came over the wire, headers included, by what they are. */
export function weights(result: Result): Weights {
  const found: Weights = { total: 0, wasm: 0, js: 0, css: 0, other: 0 };
  const details = result.audits['network-requests']?.details as { items: Transfer[] } | undefined;
  if (details === undefined) throw new Error(`Lighthouse saw no transfers for ${result.finalDisplayedUrl}`);
  for (const { mimeType = '', transferSize = 0 } of details.items) {
    const kind = mimeType.includes('wasm') ? 'wasm' : mimeType.includes('javascript') ? 'js' : mimeType.includes('css') ? 'css' : 'other';
    found[kind] += transferSize;
    found.total += transferSize;
  }
  return found;
}

/** The categories' scores from 0 to 100, in their order: of several runs, each category's median. */
export function scores(results: Result[]): number[] {
  return CATEGORIES.map((category) => {
    const each = results.map((result) => Math.round((result.categories[category]?.score ?? 0) * 100)).sort((a, b) => a - b);
    return each[Math.floor((each.length - 1) / 2)] ?? 0;
  });
}

/** The milliseconds until the largest thing was painted, and how much the layout moved: what one looks at first. */
export function paints(result: Result): { lcp: number; shift: number } {
  const value = (audit: string) => result.audits[audit]?.numericValue ?? 0;
  return { lcp: value('largest-contentful-paint'), shift: value('cumulative-layout-shift') };
}

/** The audits that cost points, each with the first elements or addresses that it names. */
export function losses(result: Result): string[] {
  return CATEGORIES.flatMap((category) =>
    (result.categories[category]?.auditRefs ?? []).flatMap(({ id, weight }) => {
      const audit = result.audits[id];
      if (weight === 0 || audit === undefined || audit.score === null || audit.score >= 0.95) return [];
      const items = (audit.details as { items?: { node?: { selector: string }; url?: string; description?: string }[] } | undefined)?.items ?? [];
      const where = items.slice(0, 3).flatMap(({ node, url, description }) => node?.selector ?? url ?? description ?? []);
      return [[`${category}: ${id} ${Math.round(audit.score * 100)}`, audit.displayValue ?? '', ...where].filter((part) => part !== '').join(', ')];
    }),
  );
}
