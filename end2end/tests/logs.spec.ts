// The logs of an experiment: every kind on its card, and what can be done with it.

import { readFileSync } from 'node:fs';

import { logCard, chooseFromCardMenu, waitForChart, xAxisRange, chartTraces, dragToZoom } from '../fixtures/dashboard.ts';
import { uniqueName } from '../fixtures/content-factory.ts';
import { reload, visit } from '../fixtures/navigation.ts';
import { owner, viewer } from '../fixtures/users.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { expect, test } from '../fixtures/test.ts';
import { CLASSES, syntheticLoss, createTrainedExperiment } from '../fixtures/trained-experiment.ts';

test.use({ user: owner });

const filter = 'Filter logs';
const steps = (count: number) => Array.from({ length: count }, (_, step) => step);

test('every kind is drawn', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);

  const line = await waitForChart(page, 'train/loss');
  await expect(line.getByRole('heading', { name: 'loss' })).toHaveAttribute('title', 'train/loss');
  await expect(line.getByText('400 points')).toBeVisible();
  expect((await chartTraces(line))[0]?.y).toEqual(steps(400).map((step) => syntheticLoss(step)));
  await expect(line.getByRole('img', { name: 'Chart of train/loss: 400 points' })).toBeVisible();

  const reduced = await waitForChart(page, 'train/gradient_norm');
  await expect(reduced).toContainText(/\d+ of 12,000 points/);

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
  await expect.poll(async () => await image.getByRole('img').evaluate((shown: HTMLImageElement) => shown.naturalWidth)).toBe(160);
});

test('parameters and labelmap come first, then groups as they were logged', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const sections = page.locator('[data-section] > summary h2');
  await expect(sections).toHaveText(['Parameters & labelmap', 'train', 'val', 'General']);
});

test('NaN and infinity are marks, not gaps alone', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const all = await chartTraces(await waitForChart(page, 'train/box_loss'));
  expect(all.at(-1)?.x).toEqual([100, 150]);
  expect(all[0]?.y[100]).toBeNull();
});

test('a spike of one point in a million is seen, and zooming ends at single points', async ({ page, content, script }) => {
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
  await expect(chart).toContainText('41 points in sight, 1,000,000 in all');
  const line = (await chartTraces(chart))[0];
  expect(line?.y[line.x.indexOf(654_321)]).toBe(99);
  expect(line?.x.filter((x) => Number(x) >= 654_300 && Number(x) <= 654_340)).toHaveLength(41);
});

test('zooming asks for finer points, in all lines at once, and is in the address', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await script.logLine(experiment, 'train/other', 12_000, (step) => step);
  await visit(page, `${experiment.path}/logs`);
  const chart = await waitForChart(page, 'train/gradient_norm');
  const other = await waitForChart(page, 'train/other');
  await chart.scrollIntoViewIfNeeded();
  await dragToZoom(page, chart, 0.25, 0.3);
  await expect(chart).toContainText(/points in sight, 12,000 in all/);
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

test('smoothing keeps the line as it is beneath', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const chart = await waitForChart(page, 'train/loss');
  await page.getByRole('slider', { name: 'Smooth' }).fill('90');
  await expect(async () => {
    const all = await chartTraces(chart);
    expect(all).toHaveLength(2);
    expect(all[0]?.y).toEqual(steps(400).map((step) => syntheticLoss(step)));
    expect(all[1]?.y[0]).toBe(syntheticLoss(0));
    expect(all[1]?.y[399]).not.toBe(syntheticLoss(399));
  }).toPass();
  await expect(page).toHaveURL(/smooth=90/);
});

test('the axis is steps, relative time or wall time; scales are logarithmic by choice', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const chart = await waitForChart(page, 'train/loss');
  const axis = async (name: string) =>
    await chart.locator('[data-plot]').evaluate((place, name) => {
      const { _fullLayout } = place as unknown as { _fullLayout: Record<string, { type: string }> };
      return _fullLayout[name]?.type;
    }, name);
  await page.getByLabel('Horizontal axis').selectOption('Wall time');
  await expect.poll(async () => await axis('xaxis')).toBe('date');
  await page.getByLabel('Horizontal axis').selectOption('Relative time');
  await expect.poll(async () => await axis('xaxis')).toBe('linear');
  expect((await chartTraces(chart))[0]?.x[0]).toBeGreaterThanOrEqual(0);
  await page.getByLabel('log y').check();
  await expect.poll(async () => await axis('yaxis')).toBe('log');
  await expect(page).toHaveURL(/x=relative&scale=y/);
});

test('the filter is by name, and in the address', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  await page.keyboard.press('/');
  await expect(page.getByLabel(filter)).toBeFocused();
  await page.keyboard.type('LOSS val');
  await expect(logCard(page, 'val/loss')).toBeVisible();
  await expect(page.locator('article:visible')).toHaveCount(1);
  await reload(page);
  await expect(page.locator('article:visible')).toHaveCount(1);
  await page.getByLabel(filter).fill('nothing is called this');
  await expect(page.getByText('No log has a name like this.')).toBeVisible();
});

test('twenty lines in one card', async ({ page, content, script }) => {
  const experiment = await content.createExperiment(await content.createProject());
  const values = (seed: number) => steps(300).map((step) => syntheticLoss(step, seed));
  await script.logBatch(experiment, steps(20).map((index) => ({ name: `class/${index}`, values: values(index) })));
  await visit(page, `${experiment.path}/logs`);
  await disclosure(page, 'Overlay').click();
  await page.getByLabel('Title').fill('All classes');
  for (const box of await page.locator('.overlay-list input').all()) await box.check();
  await page.getByRole('button', { name: 'Add the card' }).click();
  const chart = await waitForChart(page, 'All classes');
  await expect.poll(async () => (await chartTraces(chart)).length).toBe(20);
  await reload(page);
  await waitForChart(page, 'All classes');
  await expect.poll(async () => (await chartTraces(chart)).length).toBe(20);
  await chooseFromCardMenu(page, 'All classes', 'Remove this card');
  await expect(chart).toHaveCount(0);
});

test('two hundred cards: only those in sight are drawn', async ({ page, content, script }) => {
  const experiment = await content.createExperiment(await content.createProject());
  const values = steps(50).map((step) => syntheticLoss(step));
  await script.logBatch(experiment, steps(200).map((index) => ({ name: `many/log_${index}`, values })));
  await visit(page, `${experiment.path}/logs`);
  await waitForChart(page, 'many/log_0');
  const count = async () => await page.locator('article.drawn').count();
  expect(await count()).toBeLessThan(30);
  await waitForChart(page, 'many/log_199');
  expect(await count()).toBeLessThan(80);
});

test('order, size and folds are remembered for everyone', async ({ page, openPage, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const names = page.locator('[data-section="train"] article');
  const before = await names.evaluateAll((cards) => cards.map((card) => card.getAttribute('data-name')));
  await chooseFromCardMenu(page, 'train/loss', 'Move behind');
  await expect(names.nth(1)).toHaveAttribute('data-name', 'train/loss');
  expect(before[0]).toBe('train/loss');
  await chooseFromCardMenu(page, 'train/box_loss', 'Wider');
  await expect(logCard(page, 'train/box_loss')).toHaveClass(/wide-2/);
  const kept = page.waitForResponse((answer) => answer.url().endsWith('/fn/logs/arrange'));
  await page.locator('[data-section="val"] > summary').click();
  expect((await kept).ok()).toBe(true);

  const theirs = await openPage(viewer);
  await visit(theirs, `${experiment.path}/logs`);
  await expect(theirs.locator('[data-section="train"] article').nth(1)).toHaveAttribute('data-name', 'train/loss');
  await expect(logCard(theirs, 'train/box_loss')).toHaveClass(/wide-2/);
  await expect(logCard(theirs, 'val/loss')).toBeHidden();
  await expect(disclosure(theirs, 'Layout')).toHaveCount(0);
});

test('a card is dragged before another', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const names = page.locator('[data-section="train"] article');
  await expect(names.first()).toHaveAttribute('data-name', 'train/loss');
  const kept = page.waitForResponse((answer) => answer.url().endsWith('/fn/logs/arrange'));
  await logCard(page, 'train/loss').scrollIntoViewIfNeeded();
  const grip = await logCard(page, 'train/box_loss').locator('[data-grip]').boundingBox();
  const place = await logCard(page, 'train/loss').boundingBox();
  if (grip === null || place === null) throw new Error('the cards are not in sight');
  await page.mouse.move(grip.x + 10, grip.y + 8);
  await page.mouse.down();
  await page.mouse.move(grip.x + 20, grip.y + 12, { steps: 4 });
  await page.mouse.move(place.x + 12, place.y + 60, { steps: 6 });
  await page.mouse.up();
  await expect(names.first()).toHaveAttribute('data-name', 'train/box_loss');
  expect((await kept).ok()).toBe(true);
});

test('tables sort, are searched, and are saved as CSV', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const table = logCard(page, 'val/metrics');
  const first = table.locator('tbody th').first();
  await table.getByRole('button', { name: 'recall' }).click();
  await expect(first).toHaveText('bus');
  await table.getByRole('button', { name: 'recall' }).click();
  await expect(first).toHaveText('truck');

  const download = page.waitForEvent('download');
  await chooseFromCardMenu(page, 'val/metrics', 'Data as CSV');
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('val-metrics.csv');
  expect(readFileSync(await saved.path(), 'utf8')).toContain('all,0.81234567,0.71,0.78\r\n');

  await table.getByRole('button', { name: 'Show val/metrics at full size' }).click();
  const full = page.getByRole('dialog');
  await full.getByLabel('Find rows').fill('BUS');
  await expect(full.locator('tbody tr:visible')).toHaveCount(1);
});

test('points and pictures of a line are saved', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  await waitForChart(page, 'val/loss');
  const points = page.waitForEvent('download');
  await chooseFromCardMenu(page, 'val/loss', 'All points as CSV');
  expect(readFileSync(await (await points).path(), 'utf8').trim().split('\n')).toHaveLength(51);
  for (const [kind, start] of [['PNG', '\x89PNG'], ['SVG', '<svg']] as const) {
    const picture = page.waitForEvent('download');
    await chooseFromCardMenu(page, 'val/loss', `Picture as ${kind}`);
    const saved = await picture;
    expect(saved.suggestedFilename()).toBe(`val-loss.${kind.toLowerCase()}`);
    expect(readFileSync(await saved.path(), 'latin1').slice(0, 4)).toBe(start);
  }
});

test('a log has a link that opens it at full size', async ({ page, content, script }) => {
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

test('a picture, its earlier versions, and closer', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs?log=val%2Fsamples`);
  const full = page.getByRole('dialog', { name: 'val/samples' });
  await expect(full.getByRole('img')).toHaveAttribute('alt', 'epoch-2.png');
  await page.keyboard.press('ArrowLeft');
  await expect(full.getByRole('img')).toHaveAttribute('alt', 'epoch-1.png');
  await expect(full.getByText('1 of 2')).toBeVisible();
  const width = async () => (await full.getByRole('img').boundingBox())?.width ?? 0;
  const before = await width();
  await full.getByRole('button', { name: 'Larger' }).click();
  await expect.poll(width).toBeGreaterThan(before * 1.4);
});

test('shares of rows and columns', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await visit(page, `${experiment.path}/logs`);
  const heatmap = await waitForChart(page, 'val/confusion');
  await chooseFromCardMenu(page, 'val/confusion', 'Show shares of rows');
  await expect(heatmap).toContainText('shares of rows');
  await expect(heatmap.locator('.heatmap-label').first()).toHaveText(/^0\.\d\d$/);
});

test('the theme changes and charts follow', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  await page.emulateMedia({ colorScheme: 'light' });
  await visit(page, `${experiment.path}/logs`);
  const line = (await waitForChart(page, 'train/loss')).locator('.scatterlayer .js-line').first();
  const color = async () => await line.evaluate((path) => getComputedStyle(path).stroke);
  const light = await color();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(color).not.toBe(light);
});

test('by keys alone: next, previous, full size, back', async ({ page, content, script }) => {
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
  await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Filter logs');
});

test('an experiment without logs says how to log', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject(), uniqueName('empty'));
  await visit(page, `${experiment.path}/logs`);
  const code = page.getByRole('region', { name: 'Python' });
  await expect(code).toContainText(`host="${new URL(page.url()).origin}"`);
  await expect(code).toContainText(`get_experiment_by_id("${experiment.id}")`);
});
