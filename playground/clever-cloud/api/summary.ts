import type { Answer, Call } from "./operation.ts";

/** Everything a token can see. guess: what else there is; clients use it to join the two IDs of an add-on. */
export function getSummary({ world }: Call): Answer {
  const { ownerId, ownerName } = world.settings;
  const addons = world.addons.all.filter((addon) => addon.ownerId === ownerId);
  const applications = world.applications.all.filter((application) => application.ownerId === ownerId);
  const organisation = {
    id: ownerId,
    name: ownerName,
    applications: applications.map(({ id, name, state }) => ({ id, name, state })),
    addons: addons.map(({ id, name, access, provider }) => ({
      id,
      name,
      realId: access.realId,
      providerId: provider.id,
    })),
    consumers: [],
  };
  const user = {
    id: "user_32114ae3-1716-4aa7-8d16-e664ca6ccd1f",
    name: "Godwit",
    applications: [],
    addons: [],
  };
  return { status: 200, body: { user, organisations: [organisation] } };
}
