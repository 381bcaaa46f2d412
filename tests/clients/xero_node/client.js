// xero-node, Xero's own SDK, as its README shows it: buildConsentUrl, apiCallback, one method per address.

const { XeroClient, Invoice, BankTransaction, CreditNote, AccountType, ManualJournal } = require("xero-node");

const simulator = process.env.SIMULATOR;
const [clientId, clientSecret, redirect] = ["other-client", "other-secret", "https://app.example.com/callback"]; // as in steps.py
const unknown = "11111111-1111-4111-8111-111111111111";
const scopes = (
  "openid profile email offline_access accounting.contacts accounting.invoices accounting.payments " +
  "accounting.banktransactions accounting.manualjournals accounting.settings accounting.attachments " +
  "accounting.reports.trialbalance.read accounting.reports.banksummary.read"
).split(" ");
const day = "2026-09-14";
const bank = { code: "090" };
const results = {};
let xero;
let tenant;

function told(error) {
  const raw = typeof error === "string" ? error : error && (error.stack ? `${error.name}: ${error.message}` : JSON.stringify(error));
  let text = raw;
  try {
    const { response } = JSON.parse(raw);
    text = `${response.statusCode} ${JSON.stringify(response.body)}`;
  } catch {
    // not one of the SDK's own
  }
  return text.replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, "<id>").slice(0, 200);
}

function isEmpty(value) {
  return value === undefined || value === null || value === false || value.length === 0;
}

// One step; gives what `work` gives, undefined if it failed.
async function step(name, work) {
  try {
    const value = await work();
    results[name] = isEmpty(value) ? "other than expected" : "ok";
    return value;
  } catch (error) {
    results[name] = told(error);
    return undefined;
  }
}

// A step that ends well if it is refused with this status and text.
async function refused(name, status, text, work) {
  try {
    await work();
    results[name] = "no error was raised";
  } catch (error) {
    results[name] = told(error).startsWith(`${status} `) && String(error).includes(text) ? "ok" : told(error);
  }
}

async function control(path, body) {
  const answer = await fetch(`${simulator}/_simulator/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  });
  return answer.json();
}

// What the person does at the address where the SDK has sent the browser; gives the address the browser is sent back to.
async function consent(address) {
  const { pathname, searchParams } = new URL(address);
  const page = await fetch(`${simulator}${pathname}?${searchParams}`);
  const [, chosen] = /name="tenant" value="([^"]+)"/.exec(await page.text());
  const form = new URLSearchParams([...searchParams, ["tenant", chosen], ["action", "allow"]]);
  const answer = await fetch(`${simulator}${pathname}`, { method: "POST", body: form, redirect: "manual" });
  return answer.headers.get("location");
}

async function connect() {
  xero = new XeroClient({ clientId, clientSecret, redirectUris: [redirect], scopes, state: "x", httpTimeout: 20000 });
  const tokens = await xero.apiCallback(await consent(await xero.buildConsentUrl()));
  if (tokens.claims().email !== "demo@example.com") throw new Error("somebody else signed in");
  await xero.updateTenants(false);
  tenant = xero.tenants[0].tenantId;
  return tenant;
}

const LISTS = {
  Accounts: "getAccounts",
  BankTransactions: "getBankTransactions",
  BankTransfers: "getBankTransfers",
  BatchPayments: "getBatchPayments",
  BrandingThemes: "getBrandingThemes",
  Contacts: "getContacts",
  CreditNotes: "getCreditNotes",
  Currencies: "getCurrencies",
  Invoices: "getInvoices",
  Items: "getItems",
  ManualJournals: "getManualJournals",
  Organisations: "getOrganisations",
  Overpayments: "getOverpayments",
  Payments: "getPayments",
  Prepayments: "getPrepayments",
  TaxRates: "getTaxRates",
  TrackingCategories: "getTrackingCategories",
};

// The list in an answer's body: the SDK names it in lower case.
function rows(answer) {
  return Object.values(answer.body).find(Array.isArray);
}

function line(fields = {}) {
  return { description: "Consulting", quantity: 2, unitAmount: 50.25, accountCode: "200", ...fields };
}

function document(type, contact, fields = {}) {
  const { contactID } = contact;
  return { type, contact: { contactID }, date: day, dueDate: "2026-09-28", status: "AUTHORISED", lineItems: [line()], ...fields };
}

async function read(api) {
  for (const [kind, method] of Object.entries(LISTS)) {
    await step(`list ${kind}`, async () => rows(await api[method](tenant)));
  }
  await step("pages of Invoices", async () => {
    const pages = [];
    for (const page of [1, 2]) {
      pages.push(await api.getInvoices(tenant, undefined, undefined, "InvoiceNumber ASC", undefined, undefined, undefined, undefined, page));
    }
    return pages[0].body.invoices.length === 100 && pages[0].body.pagination.pageCount === 2 && pages[1].body.invoices.length === 20;
  });
  const [from, where] = [new Date("2026-01-01"), 'Type=="ACCREC" AND Date >= DateTime(2026, 1, 1)'];
  await step("filter Invoices", async () => rows(await api.getInvoices(tenant, from, where, undefined, undefined, undefined, undefined, ["AUTHORISED"])));
  await step("filter Contacts", async () => rows(await api.getContacts(tenant, undefined, 'Name.StartsWith("Ridge")')));
  await step("what changed since", async () => rows(await api.getContacts(tenant, from)));
  await step("report TrialBalance", async () => rows(await api.getReportTrialBalance(tenant, "2026-09-30"))[0].rows);
  await step("report BankSummary", async () => rows(await api.getReportBankSummary(tenant, day, "2026-09-30"))[0].rows);
  await step("Actions of the Organisation", async () => rows(await api.getOrganisationActions(tenant)));
}

async function write(api) {
  const [contact] = await step("create Contacts", async () => rows(await api.createContacts(tenant, { contacts: [{ name: "ABC Ltd", emailAddress: "abc@example.com" }] })));
  const { contactID } = contact;
  await step("change Contacts", async () => rows(await api.updateContact(tenant, contactID, { contacts: [{ contactID, name: "ABC Limited", firstName: "Ann" }] }))[0].name === "ABC Limited");
  const sale = (fields) => document(Invoice.TypeEnum.ACCREC, contact, fields);
  const [invoice] = await step("create Invoices", async () => rows(await api.createInvoices(tenant, { invoices: [sale()] }, true, 4, "key-1")));
  const tracked = line({ tracking: [{ name: "Region", option: "North" }] });
  await step("tracking on Invoices", async () => rows(await api.createInvoices(tenant, { invoices: [sale({ lineItems: [tracked] })] }))[0].lineItems[0].tracking);
  await step("create several Invoices", async () => rows(await api.updateOrCreateInvoices(tenant, { invoices: [sale(), sale()] }, false)).length === 2);
  await step("read one of Invoices", async () => rows(await api.getInvoice(tenant, invoice.invoiceID))[0].lineItems);
  await step("change Invoices", async () => {
    const [whole] = rows(await api.getInvoice(tenant, invoice.invoiceID));
    return rows(await api.updateInvoice(tenant, invoice.invoiceID, { invoices: [{ ...whole, reference: "PO 7" }] }))[0].reference === "PO 7";
  });
  const note = document(CreditNote.TypeEnum.ACCRECCREDIT, contact);
  const [{ creditNoteID }] = await step("create CreditNotes", async () => rows(await api.createCreditNotes(tenant, { creditNotes: [note] })));
  await step("change CreditNotes", async () => rows(await api.updateCreditNote(tenant, creditNoteID, { creditNotes: [{ creditNoteID, reference: "PO 7" }] }))[0].reference === "PO 7");
  const allocations = { allocations: [{ amount: 10, date: day, invoice: { invoiceID: invoice.invoiceID } }] };
  await step("allocate CreditNotes", async () => rows(await api.createCreditNoteAllocation(tenant, creditNoteID, allocations)));
  await money(api, contact, invoice);
  await beside(api, invoice);
}

async function money(api, contact, { invoiceID }) {
  const paid = { invoice: { invoiceID }, account: bank, date: day, amount: 20 };
  const [{ paymentID }] = await step("create Payments", async () => rows(await api.createPayments(tenant, { payments: [paid] })));
  await step("delete Payments", async () => rows(await api.deletePayment(tenant, paymentID, { status: "DELETED" }))[0].status === "DELETED");
  const batch = { account: bank, date: day, payments: [{ invoice: { invoiceID }, amount: 5 }] };
  const [{ batchPaymentID }] = await step("create BatchPayments", async () => rows(await api.createBatchPayment(tenant, { batchPayments: [batch] })));
  await step("delete BatchPayments", async () => rows(await api.deleteBatchPaymentByUrlParam(tenant, batchPaymentID, { status: "DELETED" })));
  const spent = { type: BankTransaction.TypeEnum.SPEND, contact: { contactID: contact.contactID }, bankAccount: bank, date: day };
  const bought = { ...spent, lineItems: [line({ accountCode: "400" })] };
  const [{ bankTransactionID }] = await step("create BankTransactions", async () => rows(await api.createBankTransactions(tenant, { bankTransactions: [bought] })));
  const change = { bankTransactions: [{ ...bought, bankTransactionID, reference: "Card" }] };
  await step("change BankTransactions", async () => rows(await api.updateBankTransaction(tenant, bankTransactionID, change))[0].reference === "Card");
  const transfer = { fromBankAccount: bank, toBankAccount: { code: "091" }, amount: 12.5, date: day };
  await step("create BankTransfers", async () => rows(await api.createBankTransfer(tenant, { bankTransfers: [transfer] })));
  await onAccount(api, contact, invoiceID);
}

async function onAccount(api, { contactID }, invoiceID) {
  for (const [kind, allocate] of [["Overpayment", "createOverpaymentAllocations"], ["Prepayment", "createPrepaymentAllocations"]]) {
    const received = { type: `RECEIVE-${kind.toUpperCase()}`, contact: { contactID }, bankAccount: bank, date: day };
    const lineItems = [kind === "Overpayment" ? { description: "Money", lineAmount: 15 } : line({ quantity: 1, unitAmount: 15 })];
    const made = await step(`create ${kind}s`, async () => rows(await api.createBankTransactions(tenant, { bankTransactions: [{ ...received, lineItems }] })));
    const key = made && made[0][`${kind.toLowerCase()}ID`];
    const allocations = { allocations: [{ amount: 5, date: day, invoice: { invoiceID } }] };
    await step(`allocate ${kind}s`, async () => rows(await api[allocate](tenant, key, allocations)));
  }
}

async function beside(api, { invoiceID }) {
  await step("Email of Invoices", async () => (await api.emailInvoice(tenant, invoiceID, {})).response.status === 204);
  await step("OnlineInvoice of Invoices", async () => rows(await api.getOnlineInvoice(tenant, invoiceID))[0].onlineInvoiceUrl);
  const records = { historyRecords: [{ details: "Called the customer" }] };
  await step("note in the History", async () => rows(await api.createInvoiceHistory(tenant, invoiceID, records)));
  await step("read the History", async () => rows(await api.getInvoiceHistory(tenant, invoiceID)));
  await step("put Attachments", async () => rows(await api.createInvoiceAttachmentByFileName(tenant, invoiceID, "a.txt", Buffer.from("Hello"), true)));
  await step("list Attachments", async () => rows(await api.getInvoiceAttachments(tenant, invoiceID)));
  await step("get Attachments", async () => String((await api.getInvoiceAttachmentByFileName(tenant, invoiceID, "a.txt", "text/plain")).body) === "Hello");
}

async function settings(api) {
  const pen = { code: "PEN", name: "A pen", salesDetails: { unitPrice: 2.5 } };
  const [{ itemID }] = await step("create Items", async () => rows(await api.createItems(tenant, { items: [pen] })));
  await step("change Items", async () => rows(await api.updateItem(tenant, itemID, { items: [{ code: "PEN", name: "A better pen" }] }))[0].name === "A better pen");
  await step("delete Items", async () => (await api.deleteItem(tenant, itemID)).response.status === 204);
  const journalLines = [{ lineAmount: 20, accountCode: "400" }, { lineAmount: -20, accountCode: "404" }];
  const entry = { narration: "Accrual", date: day, journalLines, status: ManualJournal.StatusEnum.DRAFT };
  const [{ manualJournalID }] = await step("create ManualJournals", async () => rows(await api.createManualJournals(tenant, { manualJournals: [entry] })));
  const change = { manualJournals: [{ ...entry, narration: "Accruals" }] };
  await step("change ManualJournals", async () => rows(await api.updateManualJournal(tenant, manualJournalID, change))[0].narration === "Accruals");
  const [{ accountID }] = await step("create Accounts", async () => rows(await api.createAccount(tenant, { code: "401", name: "Fairs", type: AccountType.EXPENSE })));
  await step("change Accounts", async () => rows(await api.updateAccount(tenant, accountID, { accounts: [{ code: "401", name: "Fairs and shows" }] }))[0].name === "Fairs and shows");
  await step("delete Accounts", async () => rows(await api.deleteAccount(tenant, accountID))[0].status === "DELETED");
  await step("create Currencies", async () => rows(await api.createCurrency(tenant, { code: "NZD" })));
  const rate = { name: "Split", taxComponents: [{ name: "GST", rate: 5 }], reportTaxType: "OUTPUT" };
  const [{ taxType }] = await step("create TaxRates", async () => rows(await api.createTaxRates(tenant, { taxRates: [rate] })));
  await step("change TaxRates", async () => rows(await api.updateTaxRate(tenant, { taxRates: [{ ...rate, taxType, name: "Parted" }] }))[0].name === "Parted");
  await tracking(api);
}

async function tracking(api) {
  const [{ trackingCategoryID }] = await step("create TrackingCategories", async () => rows(await api.createTrackingCategory(tenant, { name: "Team" })));
  await step("create Options", async () => rows(await api.createTrackingOptions(tenant, trackingCategoryID, { name: "Red" })));
  await step("change TrackingCategories", async () => rows(await api.updateTrackingCategory(tenant, trackingCategoryID, { name: "Teams" }))[0].name === "Teams");
  await step("delete TrackingCategories", async () => rows(await api.deleteTrackingCategory(tenant, trackingCategoryID)));
}

async function errors(api) {
  const wrong = { invoices: [document(Invoice.TypeEnum.ACCREC, {}, { contact: { name: "Nobody" }, lineItems: [line({ accountCode: "nowhere" })] })] };
  await refused("validation error", 400, "ValidationErrors", () => api.createInvoices(tenant, wrong));
  await refused("unknown id", 404, "", () => api.getInvoice(tenant, unknown));
  await refused("not simulated", 501, "xero_simulator", () => api.getQuotes(tenant));
  await control("faults", { faults: [{ kind: "minute_limit" }] });
  await refused("told of a limit", 429, "retry-after", () => api.getContacts(tenant));
}

async function main() {
  await step("connect", connect);
  await step("renew the token", () => xero.refreshToken().then((tokens) => tokens.access_token));
  for (const part of [read, write, settings, errors]) await part(xero.accountingApi);
  await step("revoke the token", () => xero.revokeToken().then(() => xero.tenants.length === 0));
}

main()
  .catch((error) => console.error(error))
  .finally(() => console.log(JSON.stringify(results, null, 1)));
