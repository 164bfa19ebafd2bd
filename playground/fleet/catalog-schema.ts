/** Statements that make the sample database `catalog` of MariaDB: one of everything that a migration has to carry over. */
export function catalogStatements(products: number): readonly string[] {
  return [...TABLES, ...fill(products), ...LOGIC];
}

const TABLES = [
  `CREATE TABLE categories (
    id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, slug varchar(60) CHARACTER SET ascii NOT NULL,
    title varchar(120) NOT NULL, parent_id int unsigned, UNIQUE KEY slug (slug),
    CONSTRAINT category_parent FOREIGN KEY (parent_id) REFERENCES categories (id))`,
  `CREATE TABLE products (
    id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, category_id int unsigned NOT NULL, sku uuid NOT NULL,
    name varchar(200) NOT NULL, description text, price decimal(10,2) NOT NULL, attributes json, picture varbinary(64),
    state enum('draft', 'on sale', 'withdrawn') NOT NULL DEFAULT 'draft',
    price_with_tax decimal(10,2) GENERATED ALWAYS AS (round(price * 1.2, 2)) STORED,
    created_at datetime(3) NOT NULL DEFAULT current_timestamp(3), UNIQUE KEY sku (sku),
    KEY by_category (category_id, state), KEY by_tax (price_with_tax), FULLTEXT KEY words (name, description),
    CONSTRAINT product_category FOREIGN KEY (category_id) REFERENCES categories (id), CONSTRAINT price_above_zero CHECK (price > 0))`,
  `CREATE TABLE price_changes (
    id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, client_ref bigint, product_id bigint unsigned NOT NULL,
    price decimal(10,2) NOT NULL, changed_at timestamp(3) NOT NULL DEFAULT current_timestamp(3), UNIQUE KEY client_ref (client_ref),
    KEY by_product (product_id, changed_at), CONSTRAINT change_of FOREIGN KEY (product_id) REFERENCES products (id))
    COMMENT = 'Every price there was; client_ref is the number that the storefront gives a write.'`,
  "CREATE SEQUENCE page_number START WITH 1000",
];

/** The server fills them itself, from its tables of whole numbers. The same number gives the same data. */
function fill(products: number): readonly string[] {
  return [
    `INSERT INTO categories (slug, title, parent_id) VALUES
      ('books', 'Books', NULL), ('music', 'Musique', NULL), ('games', 'Gry', NULL), ('maps', '地図', 1)`,
    `INSERT INTO products (category_id, sku, name, description, price, attributes, picture, state, created_at)
     SELECT 1 + seq % 4, insert(insert(md5(concat('product', seq)), 13, 1, '4'), 17, 1, 'a'), concat('Article "', seq, '" — n°', seq),
       if(seq % 9 = 0, NULL, concat('It''s the ', seq, 'th.\\nWith a second line and a 🐦.')), 1 + seq * 7919 % 20000 / 100,
       json_object('weight', seq / 7, 'tags', json_array(concat('t', seq % 12), NULL)), unhex(md5(seq)), 1 + seq % 3,
       '2021-01-01' + INTERVAL seq * 9 MINUTE FROM seq_1_to_${products}`,
    `INSERT INTO price_changes (product_id, price, changed_at)
     SELECT 1 + seq * 6151 % ${products}, 1 + seq * 104729 % 20000 / 100, '2022-01-01' + INTERVAL seq * 3 MINUTE
     FROM seq_1_to_${products * 3}`,
  ];
}

const LOGIC = [
  "CREATE FUNCTION with_tax(price decimal(10,2)) RETURNS decimal(10,2) DETERMINISTIC NO SQL RETURN round(price * 1.2, 2)",
  `CREATE VIEW on_sale AS SELECT p.id, c.title AS category, p.name, with_tax(p.price) AS price
   FROM products p JOIN categories c ON c.id = p.category_id WHERE p.state = 'on sale'`,
  "CREATE TRIGGER price_moves AFTER INSERT ON price_changes FOR EACH ROW UPDATE products SET price = NEW.price WHERE id = NEW.product_id",
  "CREATE PROCEDURE withdraw(IN product bigint unsigned) UPDATE products SET state = 'withdrawn' WHERE id = product",
  "CREATE EVENT forget_drafts ON SCHEDULE EVERY 1 DAY DO DELETE FROM products WHERE state = 'draft' AND created_at < '2000-01-01'",
];
