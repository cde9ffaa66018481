// The examples train for real, shortly, and their pages show the numbers that they computed.

import type { Locator, Page } from '@playwright/test';

import { logCard, waitForChart, chartTraces } from '../fixtures/dashboard.ts';
import type { CreatedResource } from '../fixtures/content-factory.ts';
import { ExampleRunner, type LoggedData, type TrainingResults } from '../fixtures/example-runner.ts';
import { visit } from '../fixtures/navigation.ts';
import { owner } from '../fixtures/users.ts';
import { expect, test as base } from '../fixtures/test.ts';

const test = base.extend<{ examples: ExampleRunner }>({
  examples: async ({ server }, use) => {
    const examples = await ExampleRunner.create(server);
    await use(examples);
    await examples.dispose();
  },
});

test.use({ user: owner });
// Much of it goes into compiling the networks, which takes its time where others work too.
test.setTimeout(300_000);

/** Just enough to find some digits. */
const SHORT = { epochs: 8, canvases: 200, batch_size: 4, image_size: 64, width: 8, learning_rate: 0.01, confidence: 0.2 };

test('the detector: everything that it computed is on its page', async ({ page, examples }) => {
  const experiment = await examples.createExperiment(SHORT);
  const { code, output, errors } = await examples.startTraining('digits-detection', experiment).finished;
  expect(code, `${output}\n${errors}`).toBe(0);
  expect(output).toContain('defaults are used for seed');
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
  const shown = await cards.evaluateAll((all) => all.map((one) => one.getAttribute('data-name')));
  expect(shown.sort()).toEqual(names.sort());
  for (const [name, logged] of Object.entries(results.logs)) await expectOnPage(page, name, logged);
  for (const [name, value] of Object.entries(SHORT)) {
    await expect(logCard(page, 'parameters').getByRole('row', { name: `${name} ${value}`, exact: true })).toHaveCount(1);
  }
  await expectArtifacts(page, experiment, results);
});

test('the classifier reads most digits, and its page says how many', async ({ page, examples }) => {
  const experiment = await examples.createExperiment({ epochs: 8, hidden: 32 });
  const { code, output, errors } = await examples.startTraining('digits-classification', experiment).finished;
  expect(code, `${output}\n${errors}`).toBe(0);
  const accuracy = Number(/^accuracy (\S+)$/m.exec(output)?.[1]);
  expect(accuracy).toBeGreaterThan(0.85);

  await visit(page, `${experiment.path}/logs`);
  await expect(page.locator('.status').first()).toHaveText('SUCCESS');
  await expect(logCard(page, 'accuracy').locator('.card-value')).toHaveText(short(accuracy));
  const line = (await chartTraces(await waitForChart(page, 'test/accuracy')))[0];
  expect(line?.y).toHaveLength(8);
  expect(line?.y.at(-1)).toBe(accuracy);
  const confusion = (await texts(await waitForChart(page, 'test/confusion'))).map((row) => row.map(Number));
  const right = confusion.reduce((sum, row, index) => sum + (row[index] ?? NaN), 0);
  expect(right / confusion.flat().reduce((sum, count) => sum + count)).toBeCloseTo(accuracy, 12);
  await expect(page.locator('article[data-name^="misread/"] img').first()).toHaveAttribute('alt', /^\d-read-as-\d\.png$/);
  await visit(page, `${experiment.path}/artifacts`);
  await expect(page.locator('tr[data-artifact-name="model-latest"]')).toContainText('8 versions');
});

test('a training that is stopped, and one that cannot begin, say so', async ({ page, examples }) => {
  const stopped = await examples.createExperiment({ epochs: 10_000, hidden: 8 });
  const detector = await examples.createExperiment({ ...SHORT, epochs: 10_000, canvases: 40 });
  const trainings = [examples.startTraining('digits-classification', stopped), examples.startTraining('digits-detection', detector)];
  for (const [index, experiment] of [stopped, detector].entries()) {
    await visit(page, `${experiment.path}/logs`);
    await expect(logCard(page, 'train/loss')).toBeVisible({ timeout: 90_000 });
    await expect(page.locator('.status').first()).toHaveText('RUNNING');
    trainings[index]?.interrupt();
    expect((await trainings[index]?.finished)?.code).not.toBe(0);
    await expect(page.locator('.status').first()).toHaveText('TERMINATED');
  }

  const odd = await examples.createExperiment({ ...SHORT, image_size: 50 });
  const { code, errors } = await examples.startTraining('digits-detection', odd).finished;
  expect(code).toBe(1);
  expect(errors.trim()).toBe('the parameter image_size is 50, it must be a multiple of 8, at least 48');
  await visit(page, `${odd.path}/logs`);
  await expect(page.locator('.status').first()).toHaveText('FAILED');
});

/** Holds a card against what was logged. */
async function expectOnPage(page: Page, name: string, logged: LoggedData): Promise<void> {
  const shown = logCard(page, name);
  const rows = async () => await cells(shown);
  switch (logged.type) {
    case 'LINE':
      await waitForChart(page, name);
      await expect(shown).toContainText(`${logged.data.length} points`);
      expect((await chartTraces(shown))[0]?.y, name).toEqual(logged.data);
      await expect(shown.locator('.card-value'), name).toHaveText(short(logged.data.at(-1) ?? NaN));
      break;
    case 'VALUE':
      await expect(shown.locator('.card-value'), name).toHaveText(short(logged.data));
      break;
    case 'BAR':
      await waitForChart(page, name);
      expect((await chartTraces(shown))[0]?.y, name).toEqual(logged.data.y);
      break;
    case 'TABLE':
      expect(await rows(), name).toEqual(logged.data.data.map((row, index) => [logged.data.rows[index], ...row.map(cell)]));
      break;
    case 'HEATMAP':
      expect(await texts(await waitForChart(page, name)), name).toEqual(logged.data.values.map((row) => row.map(short)));
      break;
    case 'LABELMAP':
      expect(await rows(), name).toEqual(Object.entries(logged.data));
      break;
    case 'EVALUATION':
      expect(await rows(), name).toEqual(logged.data.map((row) => Object.values(row).map(cell)));
      break;
    case 'IMAGE':
      await shown.scrollIntoViewIfNeeded();
      await expect(shown.getByRole('img'), name).toHaveAttribute('alt', logged.data.at(-1) ?? '');
      await expect(shown.getByRole('slider', { name: 'Version' }), name).toHaveAttribute('max', String(logged.data.length));
      await expect.poll(async () => await shown.getByRole('img').evaluate(width)).toBeGreaterThan(1_000);
      expect(await shown.locator('.picture-frame').evaluate(isWhole), 'all of the picture is in sight').toBe(true);
      break;
  }
}

/** Holds the tab Artifacts against what was stored. */
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

/** The texts of a table's body. */
async function cells(shown: Locator): Promise<string[][]> {
  return await shown.locator('tbody tr').evaluateAll((rows) =>
    rows.map((row) => Array.from(row.querySelectorAll('th, td'), (cell) => (cell.textContent ?? '').trim())),
  );
}

/** The numbers that stand in the cells of a heatmap, row by row. */
async function texts(chart: Locator): Promise<string[][]> {
  const written = await chart.locator('.heatmap-label text').allTextContents();
  const side = Math.sqrt(written.length);
  return Array.from({ length: side }, (_, row) => written.slice(row * side, (row + 1) * side));
}

const width = (image: Element) => (image as HTMLImageElement).naturalWidth;
const isWhole = (frame: Element) => frame.scrollHeight <= frame.clientHeight && frame.scrollWidth <= frame.clientWidth;
const cell = (value: string | number | null) => (typeof value === 'number' ? short(value) : (value ?? '—'));

/** A number as the page writes it: five digits that matter. */
function short(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 10_000 ? String(value) : value.toLocaleString('en-US');
  const rounded = Number(value.toPrecision(5));
  return value < 1e-4 ? rounded.toExponential() : String(rounded);
}
