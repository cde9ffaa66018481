// Roles: pages offer only permitted actions and explain missing permissions, and the server enforces them.

import type { Page } from '@playwright/test';

import { ContentFactory, uniqueName } from '../fixtures/content-factory.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { visit } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { admin, member, outsider, owner, type User, viewer } from '../fixtures/users.ts';

const ONLY_EDITORS = /Only project editors, admins and owners/;

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const newProject = (page: Page) => disclosure(page, 'New project');
const newExperiment = (page: Page) => disclosure(page, 'New experiment');
const projectSettings = (page: Page) => disclosure(page, 'Settings');

interface RolePermissions {
  user: User;
  canCreate: boolean;
  canEdit: boolean;
}

const PERMISSIONS: RolePermissions[] = [
  { user: owner, canCreate: true, canEdit: true },
  { user: admin, canCreate: true, canEdit: true },
  { user: member, canCreate: true, canEdit: false },
  { user: viewer, canCreate: false, canEdit: false },
];

for (const { user, canCreate, canEdit } of PERMISSIONS) {
  test.describe(user.role, () => {
    test.use({ user });

    test(`pages offer ${user.role}s only permitted actions in another user's project`, async ({ page, content }) => {
      const project = await content.createProject();
      const experiment = await content.createExperiment(project);
      await visit(page, '/');
      await expect(heading(page)).toHaveText('Projects');
      await expect(newProject(page)).toHaveCount(canCreate ? 1 : 0);

      await visit(page, project.path);
      await expect(heading(page)).toHaveText(project.name);
      await expect(newExperiment(page)).toHaveCount(canCreate ? 1 : 0);
      await expect(projectSettings(page)).toHaveCount(canEdit ? 1 : 0);

      await visit(page, `${experiment.path}/settings`);
      await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(canEdit ? 1 : 0);
      await expect(page.getByRole('button', { name: 'Set status' })).toHaveCount(canCreate ? 1 : 0);
      await expect(disclosure(page, 'Change status')).toHaveCount(canCreate ? 1 : 0);
      await expect(page.getByRole('button', { name: 'Delete this experiment' })).toHaveCount(canEdit ? 1 : 0);
      await expect(page.getByText(ONLY_EDITORS)).toHaveCount(canEdit ? 0 : 2);
    });

    test(`the server enforces the permissions of ${user.role}s`, async ({ content, requestAs }) => {
      const project = await content.createProject();
      const experiment = await content.createExperiment(project);
      const organization = await content.organizationId();
      const userContent = new ContentFactory(await requestAs(user));
      const expectPermission = async (address: string, form: Record<string, string | number>, permitted: boolean) => {
        const response = await userContent.submitForm(address, form);
        expect(response.status() < 400, `${user.role}: ${address} returned ${response.status()}`).toBe(permitted);
        if (!permitted) {
          expect(response.status()).toBe(403);
          expect(await response.text()).toMatch(/viewers cannot|only project editors, admins and owners/);
        }
      };
      await expectPermission('projects/create', { organization, name: uniqueName('p'), description: '' }, canCreate);
      await expectPermission('experiments/create', { project: project.id, name: uniqueName('e'), description: '' }, canCreate);
      await expectPermission('project/edit', { id: project.id, name: project.name, description: 'x' }, canEdit);
      const { id, name } = experiment;
      await expectPermission('experiment/status', { id, status: 'FAILED' }, canCreate);
      await expectPermission('experiment/edit', { id, name, description: 'x', version: 1 }, canEdit);
      await expectPermission('experiment/delete', { id, confirm: name }, canEdit);
      await expectPermission('project/delete', { id: project.id, confirm: project.name }, canEdit);
    });
  });
}

test.describe('a viewer', () => {
  test.use({ user: viewer });

  test('sees the settings and who can change them', async ({ page, content }) => {
    const experiment = await content.createExperiment(await content.createProject(), uniqueName('yolo'), 'for *reading*');
    await visit(page, `${experiment.path}/settings`);
    const main = page.getByRole('main');
    await expect(main.getByText('for reading')).toBeVisible();
    await expect(main.locator('em', { hasText: 'reading' })).toBeVisible();
    await expect(main.getByRole('textbox')).toHaveCount(0);
    await expect(main).toContainText("Only project editors, admins and owners can change an experiment's settings.");
    await expect(main).toContainText('Only project editors, admins and owners can delete experiments.');
  });

  test('sees in an empty project who can create experiments', async ({ page, content }) => {
    const project = await content.createProject();
    await visit(page, project.path);
    await expect(page.getByText('Viewers cannot create experiments; ask an organization admin for another role.')).toBeVisible();
  });
});

test.describe('a member', () => {
  test.use({ user: member });

  test('is the editor of their own projects', async ({ page, requestAs }) => {
    const userContent = new ContentFactory(await requestAs(member));
    const project = await userContent.createProject();
    const experiment = await userContent.createExperiment(project);
    await visit(page, project.path);
    await expect(projectSettings(page)).toBeVisible();
    await visit(page, `${experiment.path}/settings`);
    await expect(page.getByRole('button', { name: 'Save' })).toBeVisible();
    await expect(page.getByText(ONLY_EDITORS)).toHaveCount(0);
  });
});

test.describe('a user of another organization', () => {
  test.use({ user: outsider });

  test('gets 404 for everything', async ({ page, content, requestAs, browserErrors }) => {
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
    const userContent = new ContentFactory(await requestAs(outsider));
    const { id, name } = experiment;
    expect((await userContent.submitForm('experiment/edit', { id, name, description: '', version: 1 })).status()).toBe(404);
    expect((await userContent.submitForm('experiment/delete', { id, confirm: name })).status()).toBe(404);
    // It exists: for its owner, only the confirmation is wrong.
    expect((await content.submitForm('experiment/delete', { id, confirm: 'no' })).status()).toBe(422);
  });
});
