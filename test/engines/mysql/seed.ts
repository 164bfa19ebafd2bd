/** A table to write to in each way, with routines that write with the rights of whoever made them. */
const WRITES_TABLE = [
  "CREATE TABLE `writes` (`id` int NOT NULL AUTO_INCREMENT PRIMARY KEY, `note` text) AUTO_INCREMENT = 100",
  "INSERT INTO `writes` (`note`) VALUES ('first')",
  "CREATE PROCEDURE `own_write`() SQL SECURITY DEFINER INSERT INTO `writes` (`note`) VALUES ('own')",
];

const TYPES = [
  `CREATE TABLE types (
    id bigint unsigned NOT NULL PRIMARY KEY, ti tinyint, si smallint unsigned zerofill, mi mediumint, b bit(13), bo bool,
    d decimal(40,12), f float, fd float(10,3), g double, da date, tm time(6), dt datetime(6), ts timestamp(3) NULL, y year,
    c char(7) CHARACTER SET latin1, vc varchar(300), u16 varchar(50) CHARACTER SET utf16, sj varchar(50) CHARACTER SET sjis,
    bin binary(5), vb varbinary(300), tb tinyblob, bl blob, lb longblob, tx text CHARACTER SET latin1, lt longtext,
    en enum('a','b''c','ü'), se set('x','y','z z'), j json, ge geometry, pt point,
    gv int GENERATED ALWAYS AS (ti * 2) VIRTUAL, gs varchar(400) GENERATED ALWAYS AS (concat(vc, '!')) STORED,
    KEY k_gv (gv), UNIQUE KEY u_vb (vb), KEY k_pre (lt(20)), FULLTEXT KEY ft (lt), FULLTEXT KEY ft2 (vc, lt))`,
  `INSERT INTO types (id, ti, si, mi, b, bo, d, f, fd, g, da, tm, dt, ts, y, c, vc, u16, sj, bin, vb, tb, bl, lb, tx, lt, en, se, j, ge, pt) VALUES
    (18446744073709551615, -128, 65535, -8388608, b'1000000000001', 1, -1234567890123456789012345678.123456789012, 16777217, 3.141, 1.7976931348623157e308,
     '9999-12-31', '-838:59:59.000000', '2024-02-29 23:59:59.999999', '2038-01-19 03:14:07.999', 2155, 'é', 'tab\\tnl\\n\\\\ 🐦 \\0', 'ü🐦', 'ソ表', 'a\\0', UNHEX('001D1E1FFF5C275C'),
     '', UNHEX('1D1D1E1F'), REPEAT(UNHEX('1F1E1D00FF'), 5000), 'ÿ', REPEAT('🐦\\n', 2000), 'ü', 'x,z z', '{"k": [1, null, "é", 1.50]}', ST_GeomFromText('LINESTRING(0 0, 1.5 -2)'), ST_GeomFromText('POINT(1 2)')),
    (0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (1, 0, 0, 0, b'0', 0, 0, 1.1, 0, -0e0, '0000-00-00', '00:00:00.000001', '0000-00-00 00:00:00', NULL, 0, '', '', '', '', '', '', '', '', '', '', '', '', '', 'null', NULL, NULL),
    (2, 1, 1, 1, b'1', 1, 0.5, 0.1, 0.1, 0.1, '2020-00-00', '1:2:3', '2020-01-01', '1970-01-01 00:00:01', 1901, 'a ', 'NULL', '\\\\N', 'N', 'N', '\\\\N', 'N', 'N', 'N', 'N', 'N', 'a', 'y', '[]', NULL, NULL)`,
];

const SHAPES = [
  "CREATE TABLE parent (id int NOT NULL AUTO_INCREMENT, up int, code varchar(20), PRIMARY KEY (id), UNIQUE KEY code (code), CONSTRAINT circle FOREIGN KEY (up) REFERENCES parent (id)) AUTO_INCREMENT = 5000",
  "INSERT INTO parent (id, up, code) VALUES (1, 2, 'a'), (2, 1, 'b'), (0, NULL, NULL)",
  "CREATE TABLE child (a int NOT NULL, b varchar(20), KEY b (b), PRIMARY KEY (a), CONSTRAINT `fk,1` FOREIGN KEY (b) REFERENCES parent (code) ON DELETE CASCADE ON UPDATE SET NULL, CONSTRAINT positive CHECK (a > 0))",
  "INSERT INTO child VALUES (1, 'a'), (2, 'b'), (3, NULL)",
  "CREATE TABLE nokey (v int, w varchar(10), UNIQUE KEY w (w))",
  "INSERT INTO nokey VALUES (1, NULL), (1, NULL), (1, 'x'), (NULL, 'y')",
  "CREATE TABLE counter (kind varchar(20) NOT NULL, n int NOT NULL AUTO_INCREMENT, PRIMARY KEY (kind, n), KEY n (n), KEY both_ways (n, kind)) AUTO_INCREMENT = 77",
  "INSERT INTO counter VALUES ('a', 1), ('b', 40)",
  "CREATE TABLE parts (id int NOT NULL, at date NOT NULL, note varchar(20), PRIMARY KEY (id, at), KEY note (note)) PARTITION BY RANGE (YEAR(at)) (PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE)",
  "INSERT INTO parts VALUES (1, '2019-05-05', 'old'), (2, '2024-05-05', 'new')",
  "CREATE TABLE words (w varchar(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT 'it''s, (a) \"b\"' COMMENT 'a ''quoted'', (comment)\nline', PRIMARY KEY (w)) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_ci COMMENT = 'about, words)'",
  "INSERT INTO words VALUES ('één')",
  "CREATE TABLE hidden (id int PRIMARY KEY, secret varchar(20) INVISIBLE DEFAULT 'none')",
  "INSERT INTO hidden (id, secret) VALUES (1, 'shown'), (2, NULL)",
  "CREATE TABLE one_text (t varchar(10))",
  "INSERT INTO one_text VALUES (''), (''), (NULL), ('x')",
];

const HOSTILE = [
  "CREATE TABLE `t; drop table ``t``, (x'\"` (`id;` int PRIMARY KEY, `a``b, KEY ``x`` (` varchar(20) DEFAULT 'x'';y', `Ünï 東` int, `select` int, KEY `k``, (` (`a``b, KEY ``x`` (`), UNIQUE KEY `ü` (`Ünï 東`, `select`))",
  "INSERT INTO `t; drop table ``t``, (x'\"` VALUES (1, 'x', 1, 2), (2, 'y', NULL, NULL)",
  "CREATE VIEW `v``;w` AS SELECT `id;` AS `x'y` FROM `t; drop table ``t``, (x'\"`",
];

const LOGIC = [
  "CREATE VIEW a_late AS SELECT * FROM b_early",
  "CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC NO SQL SQL SECURITY INVOKER COMMENT 'it''s' RETURN n * 2",
  "CREATE VIEW c_uses AS SELECT id, twice(id) AS two FROM parent WITH CHECK OPTION",
  "CREATE TRIGGER first_note BEFORE INSERT ON `writes` FOR EACH ROW SET NEW.note = CONCAT(NEW.note, '!')",
  "CREATE TRIGGER second_note BEFORE INSERT ON `writes` FOR EACH ROW SET NEW.note = CONCAT(NEW.note, '?')",
  "CREATE TRIGGER types_touch BEFORE INSERT ON types FOR EACH ROW SET NEW.vc = CONCAT(NEW.vc, ' touched')",
  "CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' COMMENT 'ON COMPLETION PRESERVE ENABLE DO' DO DELETE FROM `writes` WHERE FALSE",
  "CREATE EVENT off_duty ON SCHEDULE EVERY 3 HOUR ON COMPLETION PRESERVE DISABLE DO DELETE FROM `writes` WHERE FALSE",
];

const MARIADB_ONLY = [
  "CREATE SEQUENCE lonely START WITH 5 INCREMENT BY -1 MINVALUE -100 MAXVALUE 5 CYCLE CACHE 3",
  "SELECT NEXTVAL(lonely)",
  "CREATE SEQUENCE untouched",
  "CREATE TABLE drawn (id int NOT NULL DEFAULT NEXTVAL(untouched) PRIMARY KEY, u uuid, i4 inet6)",
  "INSERT INTO drawn (u, i4) VALUES ('123e4567-e89b-12d3-a456-426655440000', '::1'), (NULL, NULL)",
];

/** Statements that make one of each kind of object, column type and hostile name. */
export function filled(isMariadb: boolean): readonly string[] {
  const early = "CREATE VIEW b_early AS SELECT id, note FROM `writes`";
  // The view that is read first sorts behind the one that reads it.
  const logic = [early, ...LOGIC];
  return [...WRITES_TABLE, ...TYPES, ...SHAPES, ...HOSTILE, ...logic, ...(isMariadb ? MARIADB_ONLY : [])];
}

/** Takes seconds to copy, and seconds to index. */
export const LARGE: readonly string[] = [
  ...WRITES_TABLE,
  "CREATE TABLE orders (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, customer char(36), note varchar(200), amount decimal(20,6), KEY note (note), KEY customer (customer))",
  "INSERT INTO orders (customer, note, amount) VALUES (UUID(), REPEAT(SHA2(RAND(), 256), 2), RAND() * 1000)",
  ...Array.from(
    { length: 17 },
    () =>
      "INSERT INTO orders (customer, note, amount) SELECT UUID(), REPEAT(SHA2(RAND(), 256), 2), RAND() * 1000 FROM orders",
  ),
  "CREATE TABLE line_items (o int NOT NULL, q int, KEY o (o), CONSTRAINT of_order FOREIGN KEY (o) REFERENCES orders (id))",
  "INSERT INTO line_items SELECT id, id FROM orders LIMIT 50000",
  "CREATE TABLE tiny (a int)",
  "INSERT INTO tiny VALUES (1)",
];
