// Logs while a training runs: what it logs shows within a second, and nothing that somebody looks at is lost.

import type { Locator, Page } from '@playwright/test';

import { logCard, waitForChart, xAxisRange, chartTraces, dragToZoom } from '../fixtures/dashboard.ts';
import { visit } from '../fixtures/navigation.ts';
import { owner } from '../fixtures/users.ts';
import { expect, test } from '../fixtures/test.ts';
import { syntheticLoss, createTrainedExperiment } from '../fixtures/trained-experiment.ts';

test.use({ user: owner });

/** How long something that was logged may take to show. */
const SOON = { timeout: 1_500 };

/** Loads a page and waits until it hears of changes. */
async function listen(page: Page, address: string): Promise<void> {
  const hello = page.waitForEvent('websocket').then((socket) => socket.waitForEvent('framereceived'));
  await visit(page, address);
  await hello;
}

/** Counts what the page asks of this chart from now on. */
async function questions(page: Page, chart: Locator): Promise<{ count: number }> {
  const asked = { count: 0 };
  const about = `/fn/log/chart?id=${await chart.getAttribute('data-card')}`;
  page.on('request', (request) => (asked.count += request.url().includes(about) ? 1 : 0));
  return asked;
}

test('appended points show without asking again', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await listen(page, `${experiment.path}/logs`);
  const chart = await waitForChart(page, 'train/loss');
  const asked = await questions(page, chart);
  for (let step = 400; step < 410; step += 1) await script.log(experiment, 'train/loss', 'LINE', syntheticLoss(step));
  await expect(chart.getByText('410 points')).toBeVisible(SOON);
  expect((await chartTraces(chart))[0]?.y).toHaveLength(410);
  expect(asked.count).toBe(0);
});

test('the zoom stays while points arrive', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await listen(page, `${experiment.path}/logs`);
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

test('a reduced line is asked for again, a few times a second at most', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await listen(page, `${experiment.path}/logs`);
  const chart = await waitForChart(page, 'train/gradient_norm');
  const asked = await questions(page, chart);
  const begin = Date.now();
  for (let index = 0; index < 20; index += 1) await script.log(experiment, 'train/gradient_norm', 'LINE', 7);
  await expect(chart).toContainText(/of 12,020 points/, { timeout: 3_000 });
  expect(asked.count).toBeLessThanOrEqual(Math.ceil((Date.now() - begin) / 500) + 1);
});

test('new logs appear and deleted ones go', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await listen(page, `${experiment.path}/logs`);
  await waitForChart(page, 'train/loss');
  const id = await script.log(experiment, 'train/new', 'LINE', [1, 2, 3]);
  await expect(logCard(page, 'train/new')).toBeVisible(SOON);
  await expect(logCard(page, 'train/loss')).toHaveClass(/drawn/);
  await script.deleteLog(id);
  await expect(logCard(page, 'train/new')).toHaveCount(0, SOON);
});

test('replaced values, tables and figures show', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await listen(page, `${experiment.path}/logs`);
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

test('the first log takes the place of the snippet', async ({ page, content, script }) => {
  const experiment = await content.createExperiment(await content.createProject());
  await listen(page, `${experiment.path}/logs`);
  await expect(page.getByRole('heading', { name: 'No logs yet' })).toBeVisible();
  await script.log(experiment, 'train/loss', 'LINE', 0.5);
  await waitForChart(page, 'train/loss');
  await script.log(experiment, 'train/loss', 'LINE', 0.4);
  await expect(logCard(page, 'train/loss').getByText('2 points')).toBeVisible(SOON);
});
