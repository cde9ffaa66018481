// IMAGE logs: stepping through the versions of an image that was logged several times.

import type { Locator } from '@playwright/test';

import type { ContentFactory, CreatedResource } from '../fixtures/content-factory.ts';
import { logCard } from '../fixtures/dashboard.ts';
import { visit, visitLive } from '../fixtures/navigation.ts';
import { createPng } from '../fixtures/png.ts';
import { expect, test } from '../fixtures/test.ts';
import type { TrainingScript } from '../fixtures/training-script.ts';
import { owner } from '../fixtures/users.ts';

test.use({ user: owner });

const LOG_NAME = 'val/samples';

/** Logs the image of an epoch; each has a different width. */
async function logEpoch(experiment: CreatedResource, script: TrainingScript, number: number): Promise<void> {
  await script.logImage(experiment, LOG_NAME, `epoch-${number}.png`, createPng(100 + number, 80, [40 * number, 90, 160]));
}

/** Creates an experiment that logged one image in each of its first `count` epochs. */
async function createExperimentWithEpochs(content: ContentFactory, script: TrainingScript, count: number): Promise<CreatedResource> {
  const experiment = await content.createExperiment(await content.createProject());
  for (let number = 1; number <= count; number += 1) await logEpoch(experiment, script, number);
  return experiment;
}

/** Asserts which version is shown: by its name, its number and the width of the loaded image. */
async function expectEpochShown(card: Locator, number: number, count: number): Promise<void> {
  const image = card.getByRole('img');
  await expect(image).toHaveAttribute('alt', `epoch-${number}.png`);
  await expect(card.getByText(`${number} of ${count}`, { exact: true })).toBeVisible();
  await expect.poll(async () => await image.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(100 + number);
}

test('shows the newest version, and buttons step through all of them', async ({ page, content, script }) => {
  const experiment = await createExperimentWithEpochs(content, script, 4);
  await visit(page, `${experiment.path}/logs`);
  const card = logCard(page, LOG_NAME);
  await card.scrollIntoViewIfNeeded();
  await expectEpochShown(card, 4, 4);
  const [earlier, later] = ['Earlier version', 'Later version'].map((name) => card.getByRole('button', { name }));
  for (const number of [3, 2, 1, 1]) {
    await earlier?.click();
    await expectEpochShown(card, number, 4);
  }
  for (const number of [2, 3, 4, 4]) {
    await later?.click();
    await expectEpochShown(card, number, 4);
  }
});

test('the slider and the keys [ and ] select a version', async ({ page, content, script }) => {
  const experiment = await createExperimentWithEpochs(content, script, 4);
  await visit(page, `${experiment.path}/logs`);
  const card = logCard(page, LOG_NAME);
  await card.scrollIntoViewIfNeeded();
  await expectEpochShown(card, 4, 4);
  await page.keyboard.press('j');
  await expect(card).toBeFocused();
  for (const [key, number] of [['[', 3], ['[', 2], [']', 3]] as const) {
    await page.keyboard.press(key);
    await expectEpochShown(card, number, 4);
  }
  await card.getByRole('slider', { name: 'Version' }).fill('1');
  await expectEpochShown(card, 1, 4);
});

test('the arrow keys step through the versions at full size', async ({ page, content, script }) => {
  const experiment = await createExperimentWithEpochs(content, script, 3);
  await visit(page, `${experiment.path}/logs`);
  const card = logCard(page, LOG_NAME);
  await card.scrollIntoViewIfNeeded();
  await card.getByRole('button', { name: `Show ${LOG_NAME} at full size` }).click();
  const full = page.getByRole('dialog', { name: LOG_NAME });
  await expectEpochShown(full, 3, 3);
  for (const [key, number] of [['ArrowLeft', 2], ['[', 1], ['ArrowLeft', 1], ['ArrowRight', 2], [']', 3], [']', 3]] as const) {
    await page.keyboard.press(key);
    await expectEpochShown(full, number, 3);
  }
});

test('follows new versions only when the newest is shown', async ({ page, openPage, content, script }) => {
  const experiment = await createExperimentWithEpochs(content, script, 2);
  const secondPage = await openPage(owner);
  for (const each of [page, secondPage]) {
    await visitLive(each, `${experiment.path}/logs`);
    await logCard(each, LOG_NAME).scrollIntoViewIfNeeded();
    await expectEpochShown(logCard(each, LOG_NAME), 2, 2);
  }
  await logCard(secondPage, LOG_NAME).getByRole('button', { name: 'Earlier version' }).click();
  await expectEpochShown(logCard(secondPage, LOG_NAME), 1, 2);
  await logEpoch(experiment, script, 3);
  await expectEpochShown(logCard(page, LOG_NAME), 3, 3);
  await expectEpochShown(logCard(secondPage, LOG_NAME), 1, 3);
});
