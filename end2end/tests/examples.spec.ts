// Runs the examples with small parameters and compares their pages with the results that they wrote.

import type { Locator, Page } from '@playwright/test';

import type { CreatedResource } from '../fixtures/content-factory.ts';
import { chartTraces, logCard, waitForChart } from '../fixtures/dashboard.ts';
import { ExampleRunner, type LoggedData, type TrainingResults } from '../fixtures/example-runner.ts';
import { visit } from '../fixtures/navigation.ts';
import { expect, test as base } from '../fixtures/test.ts';
import { owner } from '../fixtures/users.ts';

const test = base.extend<{ examples: ExampleRunner }>({
  examples: async ({ server }, use) => {
    const examples = await ExampleRunner.create(server);
    await use(examples);
    await examples.dispose();
  },
});

test.use({ user: owner });
// Most of the time goes into compiling the networks, which is slow on a busy machine.
test.setTimeout(300_000);

/** The smallest training that still detects some digits. */
const SMALL_TRAINING = { epochs: 8, canvases: 200, batch_size: 4, image_size: 64, width: 8, learning_rate: 0.01, confidence: 0.2 };

test('the page of the detector shows all its results', async ({ page, examples }) => {
  const experiment = await examples.createExperiment(SMALL_TRAINING);
  const { code, output, errors } = await examples.startTraining('digits-detection', experiment).finished;
  expect(code, `${output}\n${errors}`).toBe(0);
  expect(output).toContain('using defaults for seed');
  expect(output).toMatch(/^epoch {2}8 of 8 {2}loss \d/m);

  const results = examples.readResults(experiment);
  const losses = results.logs['train/loss']?.data as number[];
  expect(losses).toHaveLength(8);
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
  expect(results.logs['train/batch_loss']?.data).toHaveLength(400);
  expect(results.logs['eval/mAP50']?.data).toBeGreaterThan(0);

  await visit(page, `${experiment.path}/logs`);
  await expect(page.locator('.status').first()).toHaveText('SUCCESS');
  const names = ['parameters', ...Object.keys(results.logs)];
  const cards = page.locator('article[data-name]');
  const cardNames = await cards.evaluateAll((elements) => elements.map((element) => element.getAttribute('data-name')));
  expect(cardNames.sort()).toEqual(names.sort());
  for (const [name, logged] of Object.entries(results.logs)) await expectCardShows(page, name, logged);
  for (const [name, value] of Object.entries(SMALL_TRAINING)) {
    await expect(logCard(page, 'parameters').getByRole('row', { name: `${name} ${value}`, exact: true })).toHaveCount(1);
  }
  await expectArtifacts(page, experiment, results);
});

test('the page of the classifier shows its accuracy', async ({ page, examples }) => {
  const experiment = await examples.createExperiment({ epochs: 8, hidden: 32 });
  const { code, output, errors } = await examples.startTraining('digits-classification', experiment).finished;
  expect(code, `${output}\n${errors}`).toBe(0);
  const accuracy = Number(/^accuracy (\S+)$/m.exec(output)?.[1]);
  expect(accuracy).toBeGreaterThan(0.85);

  await visit(page, `${experiment.path}/logs`);
  await expect(page.locator('.status').first()).toHaveText('SUCCESS');
  await expect(logCard(page, 'accuracy').locator('.card-value')).toHaveText(formatNumber(accuracy));
  const line = (await chartTraces(await waitForChart(page, 'test/accuracy')))[0];
  expect(line?.y).toHaveLength(8);
  expect(line?.y.at(-1)).toBe(accuracy);
  const confusion = (await heatmapLabels(await waitForChart(page, 'test/confusion'))).map((row) => row.map(Number));
  const right = confusion.reduce((sum, row, index) => sum + (row[index] ?? NaN), 0);
  expect(right / confusion.flat().reduce((sum, count) => sum + count)).toBeCloseTo(accuracy, 12);
  await expect(page.locator('article[data-name^="misread/"] img').first()).toHaveAttribute('alt', /^\d-classified-as-\d\.png$/);
  await visit(page, `${experiment.path}/artifacts`);
  await expect(page.locator('tr[data-artifact-name="model-latest"]')).toContainText('8 versions');
});

test('shows the status of interrupted and failed trainings', async ({ page, examples }) => {
  const stopped = await examples.createExperiment({ epochs: 10_000, hidden: 8 });
  const detector = await examples.createExperiment({ ...SMALL_TRAINING, epochs: 10_000, canvases: 40 });
  const trainings = [examples.startTraining('digits-classification', stopped), examples.startTraining('digits-detection', detector)];
  for (const [index, experiment] of [stopped, detector].entries()) {
    await visit(page, `${experiment.path}/logs`);
    await expect(logCard(page, 'train/loss')).toBeVisible({ timeout: 90_000 });
    await expect(page.locator('.status').first()).toHaveText('RUNNING');
    trainings[index]?.interrupt();
    expect((await trainings[index]?.finished)?.code).not.toBe(0);
    await expect(page.locator('.status').first()).toHaveText('TERMINATED');
  }

  const failing = await examples.createExperiment({ ...SMALL_TRAINING, image_size: 50 });
  const { code, errors } = await examples.startTraining('digits-detection', failing).finished;
  expect(code).toBe(1);
  expect(errors.trim()).toBe('the parameter image_size is 50, but must be a multiple of 8 and at least 48');
  await visit(page, `${failing.path}/logs`);
  await expect(page.locator('.status').first()).toHaveText('FAILED');
});

/** Compares a card with the logged data. */
async function expectCardShows(page: Page, name: string, logged: LoggedData): Promise<void> {
  const card = logCard(page, name);
  const rows = async () => await tableCells(card);
  switch (logged.type) {
    case 'LINE':
      await waitForChart(page, name);
      await expect(card).toContainText(`${logged.data.length} points`);
      expect((await chartTraces(card))[0]?.y, name).toEqual(logged.data);
      await expect(card.locator('.card-value'), name).toHaveText(formatNumber(logged.data.at(-1) ?? NaN));
      break;
    case 'VALUE':
      await expect(card.locator('.card-value'), name).toHaveText(formatNumber(logged.data));
      break;
    case 'BAR':
      await waitForChart(page, name);
      expect((await chartTraces(card))[0]?.y, name).toEqual(logged.data.y);
      break;
    case 'TABLE':
      expect(await rows(), name).toEqual(logged.data.data.map((row, index) => [logged.data.rows[index], ...row.map(formatCell)]));
      break;
    case 'HEATMAP':
      expect(await heatmapLabels(await waitForChart(page, name)), name).toEqual(logged.data.values.map((row) => row.map(formatNumber)));
      break;
    case 'LABELMAP':
      expect(await rows(), name).toEqual(Object.entries(logged.data));
      break;
    case 'EVALUATION':
      expect(await rows(), name).toEqual(logged.data.map((row) => Object.values(row).map(formatCell)));
      break;
    case 'IMAGE':
      await card.scrollIntoViewIfNeeded();
      await expect(card.getByRole('img'), name).toHaveAttribute('alt', logged.data.at(-1) ?? '');
      await expect(card.getByRole('slider', { name: 'Version' }), name).toHaveAttribute('max', String(logged.data.length));
      await expect.poll(async () => await card.getByRole('img').evaluate(naturalWidth)).toBeGreaterThan(1_000);
      expect(await card.locator('.picture-frame').evaluate(fitsWithoutScrolling), 'the whole image is visible').toBe(true);
      break;
  }
}

/** Compares the Artifacts tab with the stored artifacts. */
async function expectArtifacts(page: Page, experiment: CreatedResource, results: TrainingResults): Promise<void> {
  await visit(page, `${experiment.path}/artifacts`);
  await expect(page.locator('tr.artifact')).toHaveCount(Object.keys(results.artifacts).length);
  for (const [name, { filename, versions }] of Object.entries(results.artifacts)) {
    const row = page.locator(`tr[data-artifact-name=${JSON.stringify(name)}]`);
    await expect(row.locator('.artifact-file'), name).toHaveText(filename);
    await expect(row.locator('.artifact-name .chip'), name).toHaveText(versions > 1 ? [`${versions} versions`] : []);
  }
  expect(results.artifacts['model-latest']?.versions).toBe(8);
}

/** Returns the texts of a table's body, row by row. */
async function tableCells(card: Locator): Promise<string[][]> {
  return await card.locator('tbody tr').evaluateAll((rows) =>
    rows.map((row) => Array.from(row.querySelectorAll('th, td'), (cell) => (cell.textContent ?? '').trim())),
  );
}

/** Returns the labels of a square heatmap's cells, row by row. */
async function heatmapLabels(chart: Locator): Promise<string[][]> {
  const labels = await chart.locator('.heatmap-label text').allTextContents();
  const side = Math.sqrt(labels.length);
  return Array.from({ length: side }, (_, row) => labels.slice(row * side, (row + 1) * side));
}

const naturalWidth = (image: Element) => (image as HTMLImageElement).naturalWidth;
const fitsWithoutScrolling = (frame: Element) => frame.scrollHeight <= frame.clientHeight && frame.scrollWidth <= frame.clientWidth;
const formatCell = (value: string | number | null) => (typeof value === 'number' ? formatNumber(value) : (value ?? '—'));

/** Formats a number like the page: with five significant digits. */
function formatNumber(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 10_000 ? String(value) : value.toLocaleString('en-US');
  const rounded = Number(value.toPrecision(5));
  return value < 1e-4 ? rounded.toExponential() : String(rounded);
}
