import { createServer } from "node:http";
import { pino } from "pino";
import { createApp } from "./app.js";
import { databaseCatalogue, memoryCatalogue } from "./catalogue.js";
import { serveLive } from "./live.js";
import { Orders } from "./orders.js";
import { readSettings } from "./settings.js";

const settings = readSettings(process.env);
const log = pino({ level: settings.LOG_LEVEL });
const catalogue =
  settings.DATABASE_URL === undefined
    ? memoryCatalogue()
    : databaseCatalogue(settings.DATABASE_URL);
const orders = new Orders(catalogue);
const server = createServer(createApp({ catalogue, orders, secret: settings.JWT_SECRET }));
const live = serveLive(server, orders);

server.listen(settings.PORT, () => log.info({ port: settings.PORT }, "listening"));

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    log.info({ signal }, "stopping");
    live.close();
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
