// Who may do what: pages offer it only to those who may, say who may to the others, and the server refuses regardless.

import type { Page } from '@playwright/test';

import { ContentFactory, uniqueName } from '../fixtures/content-factory.ts';
import { visit } from '../fixtures/navigation.ts';
import { admin, member, owner, type User, outsider, viewer } from '../fixtures/users.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { expect, test } from '../fixtures/test.ts';

const ONLY_EDITORS = /Only project editors, admins and owners/;

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const newProject = (page: Page) => disclosure(page, 'New project');
const newExperiment = (page: Page) => disclosure(page, 'New experiment');
const projectSettings = (page: Page) => disclosure(page, 'Settings');

interface May {
  who: User;
  creates: boolean;
  edits: boolean;
}

const MATRIX: May[] = [
  { who: owner, creates: true, edits: true },
  { who: admin, creates: true, edits: true },
  { who: member, creates: true, edits: false },
  { who: viewer, creates: false, edits: false },
];

for (const { who, creates, edits } of MATRIX) {
  test.describe(who.role, () => {
    test.use({ user: who });

    test(`is offered what ${who.role}s may do in somebody else's project`, async ({ page, content }) => {
      const project = await content.createProject();
      const experiment = await content.createExperiment(project);
      await visit(page, '/');
      await expect(heading(page)).toHaveText('Projects');
      await expect(newProject(page)).toHaveCount(creates ? 1 : 0);

      await visit(page, project.path);
      await expect(heading(page)).toHaveText(project.name);
      await expect(newExperiment(page)).toHaveCount(creates ? 1 : 0);
      await expect(projectSettings(page)).toHaveCount(edits ? 1 : 0);

      await visit(page, `${experiment.path}/settings`);
      await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(edits ? 1 : 0);
      await expect(page.getByRole('button', { name: 'Delete this experiment' })).toHaveCount(edits ? 1 : 0);
      await expect(page.getByText(ONLY_EDITORS)).toHaveCount(edits ? 0 : 2);
    });

    test(`the server lets ${who.role}s do just that`, async ({ content, requestAs }) => {
      const project = await content.createProject();
      const experiment = await content.createExperiment(project);
      const organization = await content.organizationId();
      const theirs = new ContentFactory(await requestAs(who));
      const check = async (address: string, form: Record<string, string | number>, may: boolean) => {
        const answer = await theirs.submitForm(address, form);
        expect(answer.status() < 400, `${who.role}: ${address} was answered with ${answer.status()}`).toBe(may);
        if (!may) {
          expect(answer.status()).toBe(403);
          expect(await answer.text()).toMatch(/viewers cannot|only project editors, admins and owners/);
        }
      };
      await check('projects/create', { organization, name: uniqueName('p'), description: '' }, creates);
      await check('experiments/create', { project: project.id, name: uniqueName('e'), description: '' }, creates);
      await check('project/edit', { id: project.id, name: project.name, description: 'x' }, edits);
      const { id, name } = experiment;
      await check('experiment/edit', { id, name, description: 'x', version: 1 }, edits);
      await check('experiment/delete', { id, confirm: name }, edits);
      await check('project/delete', { id: project.id, confirm: project.name }, edits);
    });
  });
}

test.describe('a viewer', () => {
  test.use({ user: viewer });

  test('reads the settings and is told who may change them', async ({ page, content }) => {
    const experiment = await content.createExperiment(await content.createProject(), uniqueName('yolo'), 'for *reading*');
    await visit(page, `${experiment.path}/settings`);
    const main = page.getByRole('main');
    await expect(main.getByText('for reading')).toBeVisible();
    await expect(main.locator('em', { hasText: 'reading' })).toBeVisible();
    await expect(main.getByRole('textbox')).toHaveCount(0);
    await expect(main).toContainText("Only project editors, admins and owners can change an experiment's settings.");
    await expect(main).toContainText('Only project editors, admins and owners can delete experiments.');
  });

  test('is told in an empty project who can fill it', async ({ page, content }) => {
    const project = await content.createProject();
    await visit(page, project.path);
    await expect(page.getByText('Viewers cannot create experiments; ask an organization admin for another role.')).toBeVisible();
  });
});

test.describe('a member', () => {
  test.use({ user: member });

  test('is the editor of the projects that they create', async ({ page, requestAs }) => {
    const theirs = new ContentFactory(await requestAs(member));
    const project = await theirs.createProject();
    const experiment = await theirs.createExperiment(project);
    await visit(page, project.path);
    await expect(projectSettings(page)).toBeVisible();
    await visit(page, `${experiment.path}/settings`);
    await expect(page.getByRole('button', { name: 'Save' })).toBeVisible();
    await expect(page.getByText(ONLY_EDITORS)).toHaveCount(0);
  });
});

test.describe('somebody of another organization', () => {
  test.use({ user: outsider });

  test('sees nothing, as if it were not there', async ({ page, content, requestAs, browserErrors }) => {
    const project = await content.createProject();
    const experiment = await content.createExperiment(project);
    await visit(page, '/');
    await expect(page.getByRole('link', { name: project.name })).toHaveCount(0);
    browserErrors.expectStatus(404);
    for (const path of [`/organization/${await content.organizationId()}`, project.path, `${experiment.path}/logs`]) {
      expect((await visit(page, path)).status(), path).toBe(404);
      await expect(page.getByRole('alert')).toContainText('Not found');
      await expect(page.getByText(project.name)).toHaveCount(0);
      await expect(page.getByText(experiment.name)).toHaveCount(0);
    }
    const theirs = new ContentFactory(await requestAs(outsider));
    const { id, name } = experiment;
    expect((await theirs.submitForm('experiment/edit', { id, name, description: '', version: 1 })).status()).toBe(404);
    expect((await theirs.submitForm('experiment/delete', { id, confirm: name })).status()).toBe(404);
    // It is there, for those who may see it.
    expect((await content.submitForm('experiment/delete', { id, confirm: 'no' })).status()).toBe(422);
  });
});
