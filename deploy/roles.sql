-- Run once, by the image of postgres on an empty volume, as the superuser whom nothing of ours logs in as.
-- The owner makes the tables and may alter them: `migrate`, and who restores a backup. The portal reads and writes rows,
-- (of the trail it only reads and adds: each `migrate` takes the rest back, kernel/cases/database_guards.py),
-- so what breaks into it can neither drop the triggers that guard the trail nor run programs on the database's machine.
\set owner_password `cat /run/secrets/owner_password`
\set portal_password `cat /run/secrets/portal_password`

CREATE ROLE portal_owner LOGIN CREATEDB PASSWORD :'owner_password'; -- CREATEDB for the drill of `restore --verify`
CREATE ROLE portal LOGIN PASSWORD :'portal_password';
ALTER DATABASE portal OWNER TO portal_owner;

-- For all that the owner will ever make, in a schema that a restore has made anew too.
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT USAGE ON SCHEMAS TO portal;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT USAGE, SELECT ON SEQUENCES TO portal;
