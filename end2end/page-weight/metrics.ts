// Extracts the printed figures from Lighthouse's results.

import type { Result } from 'lighthouse';

import { CATEGORIES } from './lighthouse.ts';

/** Transferred bytes, in total and by type of file. */
export interface TransferSizes {
  total: number;
  wasm: number;
  js: number;
  css: number;
  other: number;
}

interface NetworkRequest {
  url: string;
  mimeType?: string;
  transferSize?: number;
}

/** Sums the bytes transferred over the network, including headers, by MIME type. */
export function transferSizes(result: Result): TransferSizes {
  const sizes: TransferSizes = { total: 0, wasm: 0, js: 0, css: 0, other: 0 };
  const details = result.audits['network-requests']?.details as { items: NetworkRequest[] } | undefined;
  if (details === undefined) throw new Error(`Lighthouse recorded no network requests for ${result.finalDisplayedUrl}`);
  for (const { mimeType = '', transferSize = 0 } of details.items) {
    const kind = mimeType.includes('wasm') ? 'wasm' : mimeType.includes('javascript') ? 'js' : mimeType.includes('css') ? 'css' : 'other';
    sizes[kind] += transferSize;
    sizes.total += transferSize;
  }
  return sizes;
}

/** Returns the score of each category from 0 to 100, in the order of `CATEGORIES`: the median of several runs. */
export function medianScores(results: Result[]): number[] {
  return CATEGORIES.map((category) => {
    const sorted = results.map((result) => Math.round((result.categories[category]?.score ?? 0) * 100)).sort((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  });
}

/** Returns the largest contentful paint in milliseconds and the cumulative layout shift. */
export function webVitals(result: Result): { lcp: number; cls: number } {
  const value = (audit: string) => result.audits[audit]?.numericValue ?? 0;
  return { lcp: value('largest-contentful-paint'), cls: value('cumulative-layout-shift') };
}

/** Describes each weighted audit that scores below 0.95, with up to three elements or URLs that it names. */
export function failedAudits(result: Result): string[] {
  return CATEGORIES.flatMap((category) =>
    (result.categories[category]?.auditRefs ?? []).flatMap(({ id, weight }) => {
      const audit = result.audits[id];
      if (weight === 0 || audit === undefined || audit.score === null || audit.score >= 0.95) return [];
      const items = (audit.details as { items?: { node?: { selector: string }; url?: string; description?: string }[] } | undefined)?.items ?? [];
      const locations = items.slice(0, 3).flatMap(({ node, url, description }) => node?.selector ?? url ?? description ?? []);
      const parts = [`${category}: ${id} ${Math.round(audit.score * 100)}`, audit.displayValue ?? '', ...locations];
      return [parts.filter((part) => part !== '').join(', ')];
    }),
  );
}
