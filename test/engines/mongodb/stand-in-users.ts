import { type Handler, OK, plain, refusal } from "./stand-in-call.ts";

const usersInfo: Handler = ({ data }) => ({
  ...OK,
  users: data.users.map(({ user, db, roles, isShutOut }) => ({ user, db, roles, isShutOut })),
});

const createUser: Handler = ({ data, db, command }) => {
  const { createUser: user, pwd, roles } = plain(command);
  data.users.push({ user, db, pwd, roles, isShutOut: false });
  return OK;
};

const updateUser: Handler = ({ data, db, command }) => {
  const { updateUser: name, pwd, roles, authenticationRestrictions } = plain(command);
  const user = data.users.find((each) => each.user === name && each.db === db);
  if (!user) return refusal(11, "UserNotFound");
  if (pwd !== undefined) user.pwd = pwd;
  if (roles !== undefined) user.roles = roles;
  if (authenticationRestrictions !== undefined) user.isShutOut = authenticationRestrictions.length > 0;
  return OK;
};

/** What administrators alone may ask for. */
export const ADMINISTRATION: Readonly<Record<string, Handler>> = {
  buildInfo: () => ({ ...OK, version: "8.0.4" }),
  getParameter: () => ({ ...OK, featureCompatibilityVersion: { version: "8.0" } }),
  connectionStatus: ({ peer }) => ({ ...OK, authInfo: { authenticatedUsers: [{ user: peer.user?.user }] } }),
  killAllSessions: () => OK,
  usersInfo,
  createUser,
  updateUser,
  dropAllUsersFromDatabase: ({ data, db }) => {
    data.users = data.users.filter((user) => user.db !== db);
    return OK;
  },
  rolesInfo: ({ data, db }) => ({ ...OK, roles: data.roles.filter((role) => role.db === db) }),
  createRole: ({ data, db, command }) => {
    data.roles.push({ role: String(command["createRole"]), db });
    return OK;
  },
  dropRole: ({ data, db, command }) => {
    data.roles = data.roles.filter((role) => role.db !== db || role.role !== String(command["dropRole"]));
    return OK;
  },
  dropAllRolesFromDatabase: ({ data, db }) => {
    data.roles = data.roles.filter((role) => role.db !== db);
    return OK;
  },
};
