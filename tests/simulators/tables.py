"""The tables of a simulator's ledger."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY CHECK (id = 1), real REAL, simulated REAL);
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, account TEXT, idempotency TEXT DEFAULT '',
    digest TEXT DEFAULT '', body TEXT, wall REAL, made REAL, runs REAL, ends REAL, state TEXT DEFAULT 'queued',
    outcome TEXT DEFAULT '', code TEXT DEFAULT '', message TEXT DEFAULT '', is_checked INTEGER DEFAULT 0,
    width INTEGER DEFAULT 0, height INTEGER DEFAULT 0, seconds INTEGER DEFAULT 0, resolution TEXT DEFAULT '',
    ratio TEXT DEFAULT '', clip_seconds TEXT DEFAULT '0', callback TEXT DEFAULT '', events TEXT DEFAULT '',
    webhook_state TEXT DEFAULT '', told REAL DEFAULT 0, request_id TEXT DEFAULT '', resolves_oss INTEGER DEFAULT 0);
CREATE INDEX IF NOT EXISTS jobs_open ON jobs (state, ends);
CREATE INDEX IF NOT EXISTS jobs_key ON jobs (account, idempotency);
CREATE TABLE IF NOT EXISTS creates (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at REAL, account TEXT, idempotency TEXT, body TEXT, status INTEGER,
    job_id TEXT, is_new INTEGER, fault TEXT, ignored TEXT DEFAULT '');
CREATE TABLE IF NOT EXISTS money (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at REAL, account TEXT, job_id TEXT, kind TEXT, amount TEXT, unit TEXT);
CREATE INDEX IF NOT EXISTS money_job ON money (job_id);
CREATE TABLE IF NOT EXISTS fetches (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at REAL, job_id TEXT, place TEXT, url TEXT, method TEXT,
    status INTEGER, size INTEGER, content_type TEXT, problem TEXT);
CREATE TABLE IF NOT EXISTS requests (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at REAL, endpoint TEXT, method TEXT, path TEXT, status INTEGER,
    fault TEXT, has_credentials INTEGER);
CREATE TABLE IF NOT EXISTS webhooks (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at REAL, job_id TEXT, event TEXT, fault TEXT, status INTEGER,
    body TEXT, signature TEXT);
CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, at REAL, account TEXT, kind TEXT, content_type TEXT, size INTEGER, path TEXT);
CREATE TABLE IF NOT EXISTS accounts (account TEXT PRIMARY KEY, state TEXT, credits INTEGER);
CREATE TABLE IF NOT EXISTS faults (
    number INTEGER PRIMARY KEY AUTOINCREMENT, spec TEXT, made_at REAL, seen INTEGER, used INTEGER);
"""
