// The Logs tab: cards of every kind, zoom, axes, filter, layout, downloads and keyboard.

import { readFileSync } from 'node:fs';

import type { Locator } from '@playwright/test';

import { uniqueName } from '../fixtures/content-factory.ts';
import { chartTraces, chooseFromCardMenu, dragToZoom, logCard, waitForChart, xAxisRange } from '../fixtures/dashboard.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { reload, visit, visitLive } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { CLASSES, createTrainedExperiment, syntheticLoss } from '../fixtures/trained-experiment.ts';
import { owner, viewer } from '../fixtures/users.ts';

test.use({ user: owner });

const FILTER = 'Filter logs';
const range = (count: number) => Array.from({ length: count }, (_, step) => step);

test('draws logs of every kind', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);

  const line = await waitForChart(page, 'train/loss');
  await expect(line.getByRole('heading', { name: 'loss' })).toHaveAttribute('title', 'train/loss');
  await expect(line.getByText('400 points')).toBeVisible();
  expect((await chartTraces(line))[0]?.y).toEqual(range(400).map((step) => syntheticLoss(step)));
  await expect(line.getByRole('img', { name: 'Chart of train/loss: 400 points' })).toBeVisible();

  const downsampled = await waitForChart(page, 'train/gradient_norm');
  await expect(downsampled).toContainText(/\d+ of 12,000 points/);

  const bars = await waitForChart(page, 'train/objects');
  await expect(bars.locator('.bars .point')).toHaveCount(5);
  const heatmap = await waitForChart(page, 'val/confusion');
  await expect(heatmap.locator('.heatmaplayer image')).toHaveCount(1);
  await expect(heatmap.getByText('traffic sign').first()).toBeVisible();

  const table = logCard(page, 'val/metrics');
  await expect(table.getByRole('cell', { name: '0.81235' })).toHaveAttribute('title', '0.81234567');
  await expect(logCard(page, 'parameters').getByRole('row', { name: 'optimizer AdamW' })).toBeVisible();
  await expect(logCard(page, 'labelmap').getByRole('row')).toHaveCount(CLASSES.length + 1);
  await expect(logCard(page, 'evaluation').getByRole('row', { name: 'b.png 0.5 blurred' })).toBeVisible();
  await expect(logCard(page, 'best_mAP').locator('.card-value')).toHaveText('0.78123');
  await expect(logCard(page, 'framework').locator('.card-value')).toHaveText('PyTorch 2.9, CUDA 12');

  const image = logCard(page, 'val/samples');
  await image.scrollIntoViewIfNeeded();
  await expect(image.getByRole('img')).toHaveAttribute('alt', 'epoch-2.png');
  await expect.poll(async () => await image.getByRole('img').evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(160);
});

test('shows parameters and labelmap first, then the groups in order of logging', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const sections = page.locator('[data-section] > summary h2');
  await expect(sections).toHaveText(['Parameters & labelmap', 'train', 'val', 'General']);
});

test('marks NaN and infinity on the chart', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const all = await chartTraces(await waitForChart(page, 'train/box_loss'));
  expect(all.at(-1)?.x).toEqual([100, 150]);
  expect(all[0]?.y[100]).toBeNull();
});

test('keeps a one-point spike in a million points visible, and zooms down to single points', async ({ page, content, script }) => {
  test.setTimeout(120_000);
  const experiment = await content.createExperiment(await content.createProject());
  await script.logLine(experiment, 'spike', 1_000_000, (step) => (step === 654_321 ? 99 : step % 7));
  await visit(page, `${experiment.path}/logs`);
  const chart = await waitForChart(page, 'spike');
  await expect(chart).toContainText(/\d+ of 1,000,000 points/);
  const highest = async () => Math.max(...(await chartTraces(chart)).flatMap(({ y }) => y).filter((y) => y !== null));
  expect(await highest()).toBe(99);
  const points = (await chartTraces(chart)).flatMap(({ y }) => y).length;
  expect(points).toBeLessThan(4_000);

  await visit(page, `${experiment.path}/logs?zoom=654300~654340`);
  await waitForChart(page, 'spike');
  await expect(chart).toContainText('41 points visible, 1,000,000 total');
  const line = (await chartTraces(chart))[0];
  expect(line?.y[line.x.indexOf(654_321)]).toBe(99);
  expect(line?.x.filter((x) => Number(x) >= 654_300 && Number(x) <= 654_340)).toHaveLength(41);
});

test('zooming loads finer points, applies to all lines, and is kept in the URL', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await script.logLine(experiment, 'train/other', 12_000, (step) => step);
  await visit(page, `${experiment.path}/logs`);
  const chart = await waitForChart(page, 'train/gradient_norm');
  const other = await waitForChart(page, 'train/other');
  await chart.scrollIntoViewIfNeeded();
  await dragToZoom(page, chart, 0.25, 0.3);
  await expect(chart).toContainText(/points visible, 12,000 total/);
  await expect(page).toHaveURL(/[?&]zoom=\d+~\d+/);
  const [from, to] = await xAxisRange(chart);
  expect(to - from).toBeLessThan(1_200);
  await expect.poll(async () => await xAxisRange(other)).toEqual([from, to]);
  await reload(page);
  await waitForChart(page, 'train/gradient_norm');
  expect(await xAxisRange(chart)).toEqual([from, to]);
  await page.getByRole('button', { name: 'Reset zoom' }).click();
  await expect.poll(async () => (await xAxisRange(chart))[1]).toBeGreaterThan(11_000);
  await expect(page).not.toHaveURL(/zoom/);
});

test('smoothing keeps the original line in the background', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const chart = await waitForChart(page, 'train/loss');
  await page.getByRole('slider', { name: 'Smoothing' }).fill('90');
  await expect(async () => {
    const all = await chartTraces(chart);
    expect(all).toHaveLength(2);
    expect(all[0]?.y).toEqual(range(400).map((step) => syntheticLoss(step)));
    expect(all[1]?.y[0]).toBe(syntheticLoss(0));
    expect(all[1]?.y[399]).not.toBe(syntheticLoss(399));
  }).toPass();
  await expect(page).toHaveURL(/smooth=90/);
});

test('the x axis can show wall time or relative time, and the y axis can be logarithmic', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const chart = await waitForChart(page, 'train/loss');
  const axisType = async (name: string) =>
    await chart.locator('[data-plot]').evaluate((plot, name) => {
      const { _fullLayout } = plot as unknown as { _fullLayout: Record<string, { type: string }> };
      return _fullLayout[name]?.type;
    }, name);
  await page.getByLabel('X axis').selectOption('Wall time');
  await expect.poll(async () => await axisType('xaxis')).toBe('date');
  await page.getByLabel('X axis').selectOption('Relative time');
  await expect.poll(async () => await axisType('xaxis')).toBe('linear');
  expect((await chartTraces(chart))[0]?.x[0]).toBeGreaterThanOrEqual(0);
  await page.getByLabel('log y').check();
  await expect.poll(async () => await axisType('yaxis')).toBe('log');
  await expect(page).toHaveURL(/x=relative&scale=y/);
});

test('filters logs by name and keeps the filter in the URL', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  await page.keyboard.press('/');
  await expect(page.getByLabel(FILTER)).toBeFocused();
  await page.keyboard.type('LOSS val');
  await expect(logCard(page, 'val/loss')).toBeVisible();
  await expect(page.locator('article:visible')).toHaveCount(1);
  await reload(page);
  await expect(page.locator('article:visible')).toHaveCount(1);
  await page.getByLabel(FILTER).fill('nothing is called this');
  await expect(page.getByText('No logs match the filter.')).toBeVisible();
});

test('combines twenty lines in one card', async ({ page, content, script }) => {
  const experiment = await content.createExperiment(await content.createProject());
  const values = (seed: number) => range(300).map((step) => syntheticLoss(step, seed));
  await script.logBatch(experiment, range(20).map((index) => ({ name: `class/${index}`, values: values(index) })));
  await visit(page, `${experiment.path}/logs`);
  await disclosure(page, 'Combine lines…').click();
  await page.getByLabel('Title').fill('All classes');
  for (const box of await page.locator('.overlay-list input').all()) await box.check();
  await page.getByRole('button', { name: 'Add card' }).click();
  const chart = await waitForChart(page, 'All classes');
  await expect.poll(async () => (await chartTraces(chart)).length).toBe(20);
  await reload(page);
  await waitForChart(page, 'All classes');
  await expect.poll(async () => (await chartTraces(chart)).length).toBe(20);
  await chooseFromCardMenu(page, 'All classes', 'Remove card');
  await expect(chart).toHaveCount(0);
});

test('draws only the visible cards of two hundred', async ({ page, content, script }) => {
  const experiment = await content.createExperiment(await content.createProject());
  const values = range(50).map((step) => syntheticLoss(step));
  await script.logBatch(experiment, range(200).map((index) => ({ name: `many/log_${index}`, values })));
  await visit(page, `${experiment.path}/logs`);
  await waitForChart(page, 'many/log_0');
  const count = async () => await page.locator('article.drawn').count();
  expect(await count()).toBeLessThan(30);
  await waitForChart(page, 'many/log_199');
  expect(await count()).toBeLessThan(80);
});

test('saves order, size and collapsed sections for all users', async ({ page, openPage, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const cards = page.locator('[data-section="train"] article');
  const before = await cards.evaluateAll((elements) => elements.map((card) => card.getAttribute('data-name')));
  await chooseFromCardMenu(page, 'train/loss', 'Move right');
  await expect(cards.nth(1)).toHaveAttribute('data-name', 'train/loss');
  expect(before[0]).toBe('train/loss');
  await chooseFromCardMenu(page, 'train/box_loss', 'Wider');
  await expect(logCard(page, 'train/box_loss')).toHaveClass(/wide-2/);
  const saved = page.waitForResponse((response) => response.url().endsWith('/fn/logs/arrange'));
  await page.locator('[data-section="val"] > summary').click();
  expect((await saved).ok()).toBe(true);

  const viewerPage = await openPage(viewer);
  await visit(viewerPage, `${experiment.path}/logs`);
  await expect(viewerPage.locator('[data-section="train"] article').nth(1)).toHaveAttribute('data-name', 'train/loss');
  await expect(logCard(viewerPage, 'train/box_loss')).toHaveClass(/wide-2/);
  await expect(logCard(viewerPage, 'val/loss')).toBeHidden();
  await expect(disclosure(viewerPage, 'Layout')).toHaveCount(0);
});

test('drags a card before another one', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const cards = page.locator('[data-section="train"] article');
  await expect(cards.first()).toHaveAttribute('data-name', 'train/loss');
  const saved = page.waitForResponse((response) => response.url().endsWith('/fn/logs/arrange'));
  await logCard(page, 'train/loss').scrollIntoViewIfNeeded();
  const grip = await logCard(page, 'train/box_loss').locator('[data-grip]').boundingBox();
  const target = await logCard(page, 'train/loss').boundingBox();
  if (grip === null || target === null) throw new Error('the cards are not visible');
  await page.mouse.move(grip.x + 10, grip.y + 8);
  await page.mouse.down();
  await page.mouse.move(grip.x + 20, grip.y + 12, { steps: 4 });
  await page.mouse.move(target.x + 12, target.y + 60, { steps: 6 });
  await page.mouse.up();
  await expect(cards.first()).toHaveAttribute('data-name', 'train/box_loss');
  expect((await saved).ok()).toBe(true);
});

test('sorts, searches and downloads a table', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const table = logCard(page, 'val/metrics');
  const first = table.locator('tbody th').first();
  await table.getByRole('button', { name: 'recall' }).click();
  await expect(first).toHaveText('bus');
  await table.getByRole('button', { name: 'recall' }).click();
  await expect(first).toHaveText('truck');

  const download = page.waitForEvent('download');
  await chooseFromCardMenu(page, 'val/metrics', 'Download CSV');
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('val-metrics.csv');
  expect(readFileSync(await saved.path(), 'utf8')).toContain('all,0.81234567,0.71,0.78\r\n');

  await table.getByRole('button', { name: 'Show val/metrics at full size' }).click();
  const full = page.getByRole('dialog');
  await full.getByLabel('Find rows').fill('BUS');
  await expect(full.locator('tbody tr:visible')).toHaveCount(1);
});

test('searches and sorts all rows of a table that is larger than the page', async ({ page, content, script }) => {
  const experiment = await content.createExperiment(await content.createProject());
  const log = async (count: number) =>
    await script.log(experiment, 'predictions', 'TABLE', {
      columns: ['file', 'score'],
      data: range(count).map((index) => [`image ${index}.png`, (index * 9) % count]),
    });
  await log(2_500);
  await visitLive(page, `${experiment.path}/logs`);
  const table = logCard(page, 'predictions');
  await expect(table.getByText('2,500 rows; showing the first 1,000')).toBeVisible();
  const score = table.getByRole('columnheader', { name: 'score' });
  await score.getByRole('button').click();
  await expect(score).toHaveAttribute('aria-sort', 'ascending');
  await score.getByRole('button').click();
  const firstCells = (root: Locator) => root.locator('tbody tr').first().locator('td');
  // The row with this score is not among the first 1,000.
  await expect(firstCells(table).last()).toHaveAttribute('data-value', '2499');
  await expect(score).toHaveAttribute('aria-sort', 'descending');
  await expect(score.getByRole('button')).toBeFocused();

  await table.getByRole('button', { name: 'Show predictions at full size' }).click();
  const full = page.getByRole('dialog');
  await expect(firstCells(full).last()).toHaveAttribute('data-value', '2499');
  await full.getByLabel('Find rows').fill('IMAGE 2400');
  await expect(full.locator('tbody tr')).toHaveCount(1);
  await expect(firstCells(full).first()).toHaveText('image 2400.png');
  await expect(full.getByText('1 of 2,500 rows')).toBeVisible();
  await expect(full.getByLabel('Find rows')).toBeFocused();

  await log(2_600);
  await expect(full.getByText('1 of 2,600 rows')).toBeVisible();
  await expect(full.locator('tbody tr')).toHaveCount(1);
  await full.getByLabel('Find rows').fill('');
  await expect(full.getByText('2,600 rows; showing the first 1,000')).toBeVisible();
  await expect(firstCells(full).last()).toHaveAttribute('data-value', '2599');
});

test('downloads the points and images of a line', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  await waitForChart(page, 'val/loss');
  const points = page.waitForEvent('download');
  await chooseFromCardMenu(page, 'val/loss', 'Download CSV');
  expect(readFileSync(await (await points).path(), 'utf8').trim().split('\n')).toHaveLength(51);
  for (const [kind, start] of [['PNG', '\x89PNG'], ['SVG', '<svg']] as const) {
    const download = page.waitForEvent('download');
    await chooseFromCardMenu(page, 'val/loss', `Download ${kind}`);
    const saved = await download;
    expect(saved.suggestedFilename()).toBe(`val-loss.${kind.toLowerCase()}`);
    expect(readFileSync(await saved.path(), 'latin1').slice(0, 4)).toBe(start);
  }
});

test('a URL opens a log at full size', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  await (await waitForChart(page, 'train/loss')).getByRole('button', { name: 'Show train/loss at full size' }).click();
  await expect(page).toHaveURL(/\?log=train%2Floss$/);
  await reload(page);
  const full = page.getByRole('dialog', { name: 'train/loss' });
  await expect(full).toBeVisible();
  await expect(full).toHaveClass(/drawn/);
  await page.keyboard.press('Escape');
  await expect(full).toBeHidden();
  await expect(page).toHaveURL(`${experiment.path}/logs`);
});

test('an image at full size shows its earlier versions and can be enlarged', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs?log=val%2Fsamples`);
  const full = page.getByRole('dialog', { name: 'val/samples' });
  await expect(full.getByRole('img')).toHaveAttribute('alt', 'epoch-2.png');
  await page.keyboard.press('ArrowLeft');
  await expect(full.getByRole('img')).toHaveAttribute('alt', 'epoch-1.png');
  await expect(full.getByText('1 of 2')).toBeVisible();
  const width = async () => (await full.getByRole('img').boundingBox())?.width ?? 0;
  const before = await width();
  await full.getByRole('button', { name: 'Zoom in' }).click();
  await expect.poll(width).toBeGreaterThan(before * 1.4);
});

test('normalizes a heatmap by row', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const heatmap = await waitForChart(page, 'val/confusion');
  await chooseFromCardMenu(page, 'val/confusion', 'Normalize by row');
  await expect(heatmap).toContainText('normalized by row');
  await expect(heatmap.locator('.heatmap-label').first()).toHaveText(/^0\.\d\d$/);
});

test('charts follow a change of the theme', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await page.emulateMedia({ colorScheme: 'light' });
  await visit(page, `${experiment.path}/logs`);
  const line = (await waitForChart(page, 'train/loss')).locator('.scatterlayer .js-line').first();
  const color = async () => await line.evaluate((path) => getComputedStyle(path).stroke);
  const light = await color();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(color).not.toBe(light);
});

test('the keyboard moves between cards, opens full size and returns', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  await page.keyboard.press('j');
  await expect(logCard(page, 'parameters')).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(logCard(page, 'train/loss')).toBeFocused();
  await page.keyboard.press('k');
  await expect(logCard(page, 'labelmap')).toBeFocused();
  await page.keyboard.press('f');
  await expect(page.getByRole('dialog', { name: 'labelmap' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(logCard(page, 'labelmap')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(logCard(page, 'labelmap').locator('.menu-item').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(logCard(page, 'labelmap').locator('.menu-item').first()).toBeHidden();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Filter logs');
});

test('an experiment without logs shows how to log', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject(), uniqueName('empty'));
  await visit(page, `${experiment.path}/logs`);
  const code = page.getByRole('region', { name: 'Python' });
  await expect(code).toContainText(`host="${new URL(page.url()).origin}"`);
  await expect(code).toContainText(`get_experiment_by_id("${experiment.id}")`);
});
