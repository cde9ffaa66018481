// Live logs: new data appears shortly after it is logged, and the view (zoom, scroll position, drawn charts) is kept.

import type { Locator, Page } from '@playwright/test';

import { chartTraces, dragToZoom, logCard, waitForChart, xAxisRange } from '../fixtures/dashboard.ts';
import { visitLive } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { createTrainedExperiment, syntheticLoss } from '../fixtures/trained-experiment.ts';
import { owner } from '../fixtures/users.ts';

test.use({ user: owner });

/** How long logged data may take to appear. */
const SOON = { timeout: 1_500 };

/** Counts the page's requests for this chart's data from now on. */
async function countChartRequests(page: Page, chart: Locator): Promise<{ count: number }> {
  const requests = { count: 0 };
  const path = `/fn/log/chart?id=${await chart.getAttribute('data-card')}`;
  page.on('request', (request) => (requests.count += request.url().includes(path) ? 1 : 0));
  return requests;
}

test('shows appended points without a request', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visitLive(page, `${experiment.path}/logs`);
  const chart = await waitForChart(page, 'train/loss');
  const requests = await countChartRequests(page, chart);
  for (let step = 400; step < 410; step += 1) await script.log(experiment, 'train/loss', 'LINE', syntheticLoss(step));
  await expect(chart.getByText('410 points')).toBeVisible(SOON);
  expect((await chartTraces(chart))[0]?.y).toHaveLength(410);
  expect(requests.count).toBe(0);
});

test('keeps the zoom while data arrives', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visitLive(page, `${experiment.path}/logs`);
  const chart = await waitForChart(page, 'train/loss');
  await dragToZoom(page, chart, 0.2, 0.5);
  await expect(page).toHaveURL(/zoom=/);
  const before = await xAxisRange(chart);
  const scrolled = await page.evaluate(() => scrollY);
  for (let step = 400; step < 405; step += 1) await script.log(experiment, 'train/loss', 'LINE', syntheticLoss(step));
  await expect.poll(async () => (await chartTraces(chart))[0]?.y.length, SOON).toBe(405);
  expect(await xAxisRange(chart)).toEqual(before);
  expect(await page.evaluate(() => scrollY)).toBe(scrolled);
});

test('refetches a downsampled line at most twice a second', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visitLive(page, `${experiment.path}/logs`);
  const chart = await waitForChart(page, 'train/gradient_norm');
  const requests = await countChartRequests(page, chart);
  const begin = Date.now();
  for (let index = 0; index < 20; index += 1) await script.log(experiment, 'train/gradient_norm', 'LINE', 7);
  await expect(chart).toContainText(/of 12,020 points/, { timeout: 3_000 });
  expect(requests.count).toBeLessThanOrEqual(Math.ceil((Date.now() - begin) / 500) + 1);
});

test('adds new logs and removes deleted ones', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visitLive(page, `${experiment.path}/logs`);
  await waitForChart(page, 'train/loss');
  const id = await script.log(experiment, 'train/new', 'LINE', [1, 2, 3]);
  await expect(logCard(page, 'train/new')).toBeVisible(SOON);
  await expect(logCard(page, 'train/loss')).toHaveClass(/drawn/);
  await script.deleteLog(id);
  await expect(logCard(page, 'train/new')).toHaveCount(0, SOON);
});

test('shows replaced values, tables and charts', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visitLive(page, `${experiment.path}/logs`);
  await logCard(page, 'best_mAP').scrollIntoViewIfNeeded();
  await script.log(experiment, 'best_mAP', 'VALUE', 0.9);
  await expect(logCard(page, 'best_mAP').locator('.card-value')).toHaveText('0.9', SOON);
  await logCard(page, 'parameters').scrollIntoViewIfNeeded();
  await script.log(experiment, 'parameters', 'TABLE', { epochs: 99 });
  await expect(logCard(page, 'parameters').getByRole('row', { name: 'epochs 99' })).toBeVisible(SOON);
  const bars = await waitForChart(page, 'train/objects');
  await script.log(experiment, 'train/objects', 'BAR', { x: ['a', 'b'], y: [1, 2] });
  await expect(bars.locator('.bars .point')).toHaveCount(2, SOON);
});

test('the first log replaces the code snippet', async ({ page, content, script }) => {
  const experiment = await content.createExperiment(await content.createProject());
  await visitLive(page, `${experiment.path}/logs`);
  await expect(page.getByRole('heading', { name: 'No logs yet' })).toBeVisible();
  await script.log(experiment, 'train/loss', 'LINE', 0.5);
  await waitForChart(page, 'train/loss');
  await script.log(experiment, 'train/loss', 'LINE', 0.4);
  await expect(logCard(page, 'train/loss').getByText('2 points')).toBeVisible(SOON);
});
