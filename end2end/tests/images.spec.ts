// A picture that was logged again and again: its versions, from the first to the newest.

import type { Locator } from '@playwright/test';

import { logCard } from '../fixtures/dashboard.ts';
import type { ContentFactory, CreatedResource } from '../fixtures/content-factory.ts';
import { visit } from '../fixtures/navigation.ts';
import { owner } from '../fixtures/users.ts';
import { createPng } from '../fixtures/png.ts';
import type { TrainingScript } from '../fixtures/training-script.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ user: owner });

const NAME = 'val/samples';

/** The picture of an epoch, as wide as no other's. */
async function epoch(experiment: CreatedResource, script: TrainingScript, number: number): Promise<void> {
  await script.logImage(experiment, NAME, `epoch-${number}.png`, createPng(100 + number, 80, [40 * number, 90, 160]));
}

/** An experiment that logged one picture after each of its first epochs. */
async function epochs(content: ContentFactory, script: TrainingScript, count: number): Promise<CreatedResource> {
  const experiment = await content.createExperiment(await content.createProject());
  for (let number = 1; number <= count; number += 1) await epoch(experiment, script, number);
  return experiment;
}

/** This version is on the screen: its name, its place among all, and its very pixels. */
async function expectEpochShown(shown: Locator, number: number, count: number): Promise<void> {
  const image = shown.getByRole('img');
  await expect(image).toHaveAttribute('alt', `epoch-${number}.png`);
  await expect(shown.getByText(`${number} of ${count}`, { exact: true })).toBeVisible();
  await expect.poll(async () => await image.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(100 + number);
}

test('the newest is shown, and buttons step through all, no further than to the ends', async ({ page, content, script }) => {
  const experiment = await epochs(content, script, 4);
  await visit(page, `${experiment.path}/logs`);
  const shown = logCard(page, NAME);
  await shown.scrollIntoViewIfNeeded();
  await expectEpochShown(shown, 4, 4);
  const [earlier, later] = ['Earlier version', 'Later version'].map((name) => shown.getByRole('button', { name }));
  for (const number of [3, 2, 1, 1]) {
    await earlier?.click();
    await expectEpochShown(shown, number, 4);
  }
  for (const number of [2, 3, 4, 4]) {
    await later?.click();
    await expectEpochShown(shown, number, 4);
  }
});

test('the slider and the keys [ and ] lead to a version', async ({ page, content, script }) => {
  const experiment = await epochs(content, script, 4);
  await visit(page, `${experiment.path}/logs`);
  const shown = logCard(page, NAME);
  await shown.scrollIntoViewIfNeeded();
  await expectEpochShown(shown, 4, 4);
  await page.keyboard.press('j');
  await expect(shown).toBeFocused();
  for (const [key, number] of [['[', 3], ['[', 2], [']', 3]] as const) {
    await page.keyboard.press(key);
    await expectEpochShown(shown, number, 4);
  }
  await shown.getByRole('slider', { name: 'Version' }).fill('1');
  await expectEpochShown(shown, 1, 4);
});

test('at full size arrows step through the versions, and the card stays at its own', async ({ page, content, script }) => {
  const experiment = await epochs(content, script, 3);
  await visit(page, `${experiment.path}/logs`);
  const shown = logCard(page, NAME);
  await shown.scrollIntoViewIfNeeded();
  await shown.getByRole('button', { name: `Show ${NAME} at full size` }).click();
  const full = page.getByRole('dialog', { name: NAME });
  await expectEpochShown(full, 3, 3);
  for (const [key, number] of [['ArrowLeft', 2], ['[', 1], ['ArrowLeft', 1], ['ArrowRight', 2], [']', 3], [']', 3]] as const) {
    await page.keyboard.press(key);
    await expectEpochShown(full, number, 3);
  }
});

test('who looks at the newest sees the next; who looks at an earlier one keeps it', async ({ page, openPage, content, script }) => {
  const experiment = await epochs(content, script, 2);
  const theirs = await openPage(owner);
  for (const one of [page, theirs]) {
    const hello = one.waitForEvent('websocket').then((socket) => socket.waitForEvent('framereceived'));
    await visit(one, `${experiment.path}/logs`);
    await hello;
    await logCard(one, NAME).scrollIntoViewIfNeeded();
    await expectEpochShown(logCard(one, NAME), 2, 2);
  }
  await logCard(theirs, NAME).getByRole('button', { name: 'Earlier version' }).click();
  await expectEpochShown(logCard(theirs, NAME), 1, 2);
  await epoch(experiment, script, 3);
  await expectEpochShown(logCard(page, NAME), 3, 3);
  await expectEpochShown(logCard(theirs, NAME), 1, 3);
});
