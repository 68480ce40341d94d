-- A database of schema 0001 as its program left it: a small shop that was read once, and a row in every table.
BEGIN TRANSACTION;
CREATE TABLE absence (
	id INTEGER NOT NULL, 
	account INTEGER NOT NULL, 
	user_id VARCHAR NOT NULL, 
	what VARCHAR NOT NULL, 
	first INTEGER NOT NULL, 
	last INTEGER NOT NULL, 
	source VARCHAR NOT NULL, 
	known_from BIGINT NOT NULL, 
	known_to BIGINT, 
	CONSTRAINT pk_absence PRIMARY KEY (id)
);
INSERT INTO "absence" VALUES(1,99,'text','text',1,1,'text',1,1);
CREATE TABLE account (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	provider VARCHAR NOT NULL, 
	remote_id VARCHAR, 
	host VARCHAR, 
	zone VARCHAR, 
	currency VARCHAR, 
	clock_offset FLOAT NOT NULL, 
	rules_hash VARCHAR, 
	CONSTRAINT pk_account PRIMARY KEY (id), 
	CONSTRAINT uq_account_name UNIQUE (name)
);
INSERT INTO "account" VALUES(1,'acme','fake','1','fake.invalid','Europe/Moscow','RUB',0.0,'9554e205a2c80fdccd9c6cb6');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE api_token (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	hash VARCHAR NOT NULL, 
	scope VARCHAR NOT NULL, 
	account INTEGER, 
	created_at BIGINT NOT NULL, 
	revoked_at BIGINT, 
	CONSTRAINT pk_api_token PRIMARY KEY (id), 
	CONSTRAINT uq_api_token_name UNIQUE (name), 
	CONSTRAINT uq_api_token_hash UNIQUE (hash)
);
INSERT INTO "api_token" VALUES(1,'text','text','text',99,1,1);
CREATE TABLE call_score (
	id INTEGER NOT NULL, 
	account INTEGER NOT NULL, 
	call_id VARCHAR NOT NULL, 
	checklist VARCHAR NOT NULL, 
	scorer VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	void TEXT NOT NULL, 
	body TEXT NOT NULL, 
	told VARCHAR NOT NULL, 
	CONSTRAINT pk_call_score PRIMARY KEY (id)
);
INSERT INTO "call_score" VALUES(1,1,'c1','x@1','local@1',1,'','[{"criterion": "greeting", "answer": "yes", "evidence": [{"turn": 0, "quote": "\u041c\u0430\u0440\u0438\u044f \u041f\u0435\u0442\u0440\u043e\u0432\u0430 \u0441\u043b\u0443\u0448\u0430\u0435\u0442"}]}]','');
CREATE TABLE cell (
	account INTEGER NOT NULL, 
	span INTEGER NOT NULL, 
	user_id VARCHAR NOT NULL, 
	tally INTEGER NOT NULL, 
	confidence VARCHAR NOT NULL, 
	passed INTEGER NOT NULL, 
	valued INTEGER NOT NULL, 
	amount BIGINT, 
	number FLOAT, 
	CONSTRAINT pk_cell PRIMARY KEY (account, span, user_id, tally, confidence)
)
 WITHOUT ROWID

;
INSERT INTO "cell" VALUES(1,202609,'501',2,'exact',2,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,202609,'501',3,'exact',2,2,NULL,20000000000.0);
INSERT INTO "cell" VALUES(1,202609,'501',7,'exact',4,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,202609,'501',13,'exact',2,2,NULL,16200.0);
INSERT INTO "cell" VALUES(1,202609,'501',15,'exact',2,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,202609,'501',16,'exact',4,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,202609,'501',17,'exact',4,4,400000,NULL);
INSERT INTO "cell" VALUES(1,202609,'501',28,'exact',4,4,NULL,40000000000.0);
INSERT INTO "cell" VALUES(1,202609,'501',29,'exact',4,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,202609,'501',32,'exact',2,2,NULL,180.0);
INSERT INTO "cell" VALUES(1,202609,'501',34,'exact',2,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,202609,'501',35,'exact',4,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,202609,'501',43,'exact',4,4,400000,NULL);
INSERT INTO "cell" VALUES(1,202609,'501',44,'exact',4,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,202609,'501',45,'exact',4,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,202609,'501',57,'exact',4,4,NULL,0.0);
INSERT INTO "cell" VALUES(1,202609,'501',67,'exact',2,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,202609,'501',80,'exact',2,2,200000,NULL);
INSERT INTO "cell" VALUES(1,202609,'501',89,'exact',2,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,202609,'501',102,'exact',4,4,400000,NULL);
INSERT INTO "cell" VALUES(1,202609,'501',108,'exact',2,2,NULL,180.0);
INSERT INTO "cell" VALUES(1,20260901,'501',2,'exact',2,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,20260901,'501',3,'exact',2,2,NULL,20000000000.0);
INSERT INTO "cell" VALUES(1,20260901,'501',7,'exact',4,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,20260901,'501',13,'exact',2,2,NULL,16200.0);
INSERT INTO "cell" VALUES(1,20260901,'501',15,'exact',2,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,20260901,'501',16,'exact',4,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,20260901,'501',17,'exact',4,4,400000,NULL);
INSERT INTO "cell" VALUES(1,20260901,'501',28,'exact',4,4,NULL,40000000000.0);
INSERT INTO "cell" VALUES(1,20260901,'501',29,'exact',4,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,20260901,'501',32,'exact',2,2,NULL,180.0);
INSERT INTO "cell" VALUES(1,20260901,'501',34,'exact',2,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,20260901,'501',35,'exact',4,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,20260901,'501',43,'exact',4,4,400000,NULL);
INSERT INTO "cell" VALUES(1,20260901,'501',44,'exact',4,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,20260901,'501',45,'exact',4,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,20260901,'501',57,'exact',4,4,NULL,0.0);
INSERT INTO "cell" VALUES(1,20260901,'501',67,'exact',2,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,20260901,'501',80,'exact',2,2,200000,NULL);
INSERT INTO "cell" VALUES(1,20260901,'501',89,'exact',2,0,NULL,NULL);
INSERT INTO "cell" VALUES(1,20260901,'501',102,'exact',4,4,400000,NULL);
INSERT INTO "cell" VALUES(1,20260901,'501',108,'exact',2,2,NULL,180.0);
CREATE TABLE cell_book (
	account INTEGER NOT NULL, 
	moment BIGINT NOT NULL, 
	tallies TEXT NOT NULL, 
	CONSTRAINT pk_cell_book PRIMARY KEY (account)
);
INSERT INTO "cell_book" VALUES(1,1789981203000,'{"04bcdfb3de2c": 1, "06bb637f8543": 2, "071a9e1626a0": 3, "093e4a352107": 4, "108b57822d52": 5, "17029dba36a0": 6, "189bb48108d0": 7, "1adc6053da0e": 8, "1d0c8a0ccf3d": 9, "1f7a1efb5c14": 10, "202b2fe13c30": 11, "237af25a03bd": 12, "2983159abf71": 13, "2dcdfd0bdae9": 14, "2f91289cc7b9": 15, "3856a2e92625": 16, "38c451398fc5": 17, "391c4d1b2bc5": 18, "3d6f6779f418": 19, "4237c3bcccae": 20, "4260e5501289": 21, "485d3f705cda": 22, "4a000b4148d2": 23, "4b804723a5b3": 24, "4bed07650546": 25, "4c753e32a842": 26, "4d3263e98cb9": 27, "51d07e5f374b": 28, "53629906958d": 29, "54e4d2caf1b6": 30, "5597d1f05af3": 31, "5b10d8bedaa2": 32, "5e5db3866341": 33, "606460f295bd": 34, "62c63cdf8dc4": 35, "675d4ee5ab88": 36, "680f46a481ce": 37, "6836f952de1e": 38, "6912eba76d21": 39, "6999e53dbfe6": 40, "6c6b842958ad": 41, "6defb4fad764": 42, "70ce4c260368": 43, "71740f680b94": 44, "73edcdf706a7": 45, "769f7d56df71": 46, "78fd4c58860d": 47, "7a73986b7965": 48, "7b137d40882d": 49, "7bdb77f69d22": 50, "7c54ce82aaf6": 51, "7cf8c3085ecc": 52, "80b1d3dc209c": 53, "80e1ed8f882a": 54, "830ae883821c": 55, "85afde94c7ad": 56, "86db7f6acebc": 57, "8d8787c8cf9b": 58, "8ee6bf476526": 59, "9357db3cc220": 60, "937bd86b23fc": 61, "96f644e1851b": 62, "97acc75b710f": 63, "9d0cf87a3d9c": 64, "9e06f2011d41": 65, "9eca980da9f6": 66, "9fecce823ddd": 67, "a108a752e3dd": 68, "a5126741f52e": 69, "a889322b9595": 70, "a8d4059954d3": 71, "aacd7e37653a": 72, "ad585ae31831": 73, "ae8a425903d3": 74, "af22c7b00bd9": 75, "af6d9a61b584": 76, "b0a0f26c9653": 77, "b866abbebfd6": 78, "ba63d88cfbb8": 79, "bb0e13b9139a": 80, "bb4816c65359": 81, "bbb4fccf1378": 82, "c2d6c6ed7c31": 83, "c7f578042c18": 84, "ca7e7e4b2590": 85, "ceac3e876501": 86, "cfee6dbb1275": 87, "d7da62e22d57": 88, "d89b30f03137": 89, "d8a475946f9a": 90, "dd506cde8970": 91, "ddfa0c5a3b6e": 92, "e1a09d2eaca8": 93, "e2a7cfe2836f": 94, "e304410b5f19": 95, "e56ec7868203": 96, "e58eeda46ec3": 97, "ea5d79674f04": 98, "ec5380a98abc": 99, "ed72d47aa1b9": 100, "f09835b91183": 101, "f16bd9b6fc76": 102, "f2cd0d38a9f3": 103, "f311e38579b6": 104, "f4bee81c81df": 105, "f67670474e30": 106, "f72c0e44d743": 107, "f9597907b5c4": 108, "fac23965892a": 109, "fc0abda7189b": 110}');
CREATE TABLE chance (
	account INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_chance PRIMARY KEY (account, at)
);
INSERT INTO "chance" VALUES(1,1789981255000,'{"every":{"n":0,"won":{},"lost":{}},"stages":{},"leaving":{"":{"n":0,"won":{},"lost":{},"moved":{},"to":{}}},"verdict":null}');
CREATE TABLE clock (
	account INTEGER NOT NULL, 
	user_id VARCHAR NOT NULL, 
	mark VARCHAR NOT NULL, 
	CONSTRAINT pk_clock PRIMARY KEY (account, user_id)
);
INSERT INTO "clock" VALUES(99,'key','text');
CREATE TABLE closed_value (
	account INTEGER NOT NULL, 
	period VARCHAR NOT NULL, 
	closing INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	subject VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	kpi VARCHAR NOT NULL, 
	formula VARCHAR NOT NULL, 
	body TEXT NOT NULL, 
	digest VARCHAR NOT NULL, 
	CONSTRAINT pk_closed_value PRIMARY KEY (account, period, closing, place)
);
INSERT INTO "closed_value" VALUES(99,'key',1,1,'text','text','text','text','text','text');
CREATE TABLE closing (
	account INTEGER NOT NULL, 
	period VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	what VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	as_of BIGINT NOT NULL, 
	reached BIGINT, 
	author VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	omitted TEXT NOT NULL, 
	CONSTRAINT pk_closing PRIMARY KEY (account, period, version)
);
INSERT INTO "closing" VALUES(99,'key',1,'text',1,1,1,'text','text','text','text');
CREATE TABLE contest (
	id INTEGER NOT NULL, 
	account INTEGER NOT NULL, 
	about VARCHAR NOT NULL, 
	user_id VARCHAR NOT NULL, 
	fact VARCHAR, 
	kinds TEXT NOT NULL, 
	kpi VARCHAR, 
	"by" VARCHAR NOT NULL, 
	via VARCHAR NOT NULL, 
	reason TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	ticked BOOLEAN NOT NULL, 
	CONSTRAINT pk_contest PRIMARY KEY (id)
);
INSERT INTO "contest" VALUES(1,99,'text','text','text','text','text','text','text','text',1,1);
CREATE TABLE contest_verdict (
	account INTEGER NOT NULL, 
	contest BIGINT NOT NULL, 
	version INTEGER NOT NULL, 
	what VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	via VARCHAR NOT NULL, 
	reason TEXT NOT NULL, 
	kinds TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_contest_verdict PRIMARY KEY (account, contest, version)
);
INSERT INTO "contest_verdict" VALUES(99,1,1,'text','text','text','text','text',1);
CREATE TABLE cursor (
	account INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	cursor TEXT, 
	told_at BIGINT, 
	whole_at BIGINT, 
	rows BIGINT NOT NULL, 
	problem VARCHAR, 
	CONSTRAINT pk_cursor PRIMARY KEY (account, kind)
);
INSERT INTO "cursor" VALUES(1,'team','{"at":"2026-09-01T09:00:00Z","id":"700"}',1789981203000,1789981206000,1,NULL);
INSERT INTO "cursor" VALUES(1,'user','{"at":"2026-09-01T09:00:02Z","id":"502"}',1789981203000,1789981208000,2,NULL);
INSERT INTO "cursor" VALUES(1,'pipeline','{"at":"2026-09-01T09:00:03Z","id":"1"}',1789981203000,1789981210000,1,NULL);
INSERT INTO "cursor" VALUES(1,'stage','{"at":"2026-09-01T09:00:05Z","id":"1/142"}',1789981203000,1789981212000,2,NULL);
INSERT INTO "cursor" VALUES(1,'loss_reason','{"at":"1970-01-01T00:00:00Z","id":""}',1789981203000,1789981214000,0,NULL);
INSERT INTO "cursor" VALUES(1,'rate','{"at":"1970-01-01T00:00:00Z","id":""}',1789981203000,1789981216000,0,NULL);
INSERT INTO "cursor" VALUES(1,'client','{"at":"2026-09-21T09:00:00Z","id":"contact:8"}',1789981203000,1789981218000,2,NULL);
INSERT INTO "cursor" VALUES(1,'lead','{"at":"1970-01-01T00:00:00Z","id":""}',1789981203000,1789981220000,0,NULL);
INSERT INTO "cursor" VALUES(1,'deal','{"at":"2026-09-01T09:00:14Z","id":"4"}',1789981203000,1789981222000,4,NULL);
INSERT INTO "cursor" VALUES(1,'move','{"at":"2026-09-01T09:00:15Z","id":"m4"}',1789981203000,1789981224000,4,NULL);
INSERT INTO "cursor" VALUES(1,'owner','{"at":"1970-01-01T00:00:00Z","id":""}',1789981203000,1789981226000,0,NULL);
INSERT INTO "cursor" VALUES(1,'price','{"at":"1970-01-01T00:00:00Z","id":""}',1789981203000,1789981228000,0,NULL);
INSERT INTO "cursor" VALUES(1,'removal','{"at":"1970-01-01T00:00:00Z","id":""}',1789981203000,1789981230000,0,NULL);
INSERT INTO "cursor" VALUES(1,'call','{"at":"2026-09-21T09:00:02Z","id":"c3"}',1789981203000,1789981232000,3,NULL);
INSERT INTO "cursor" VALUES(1,'message','{"at":"1970-01-01T00:00:00Z","id":""}',1789981203000,1789981234000,0,NULL);
INSERT INTO "cursor" VALUES(1,'meeting','{"at":"1970-01-01T00:00:00Z","id":""}',1789981203000,1789981236000,0,NULL);
INSERT INTO "cursor" VALUES(1,'task','{"at":"1970-01-01T00:00:00Z","id":""}',1789981203000,1789981238000,0,NULL);
INSERT INTO "cursor" VALUES(1,'done','{"at":"1970-01-01T00:00:00Z","id":""}',1789981203000,1789981240000,0,NULL);
INSERT INTO "cursor" VALUES(1,'deadline','{"at":"1970-01-01T00:00:00Z","id":""}',1789981203000,1789981242000,0,NULL);
CREATE TABLE destruction (
	id INTEGER NOT NULL, 
	account INTEGER NOT NULL, 
	mark VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	author VARCHAR NOT NULL, 
	reason TEXT NOT NULL, 
	counts TEXT NOT NULL, 
	CONSTRAINT pk_destruction PRIMARY KEY (id)
);
INSERT INTO "destruction" VALUES(1,99,'text',1,'text','text','text');
CREATE TABLE dirty (
	account INTEGER NOT NULL, 
	dossier VARCHAR NOT NULL, 
	CONSTRAINT pk_dirty PRIMARY KEY (account, dossier)
);
INSERT INTO "dirty" VALUES(99,'key');
CREATE TABLE drift (
	id INTEGER NOT NULL, 
	account INTEGER NOT NULL, 
	code VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	since BIGINT NOT NULL, 
	found_at BIGINT NOT NULL, 
	accepted_at BIGINT, 
	accepted_by VARCHAR, 
	text TEXT NOT NULL, 
	kpis TEXT NOT NULL, 
	CONSTRAINT pk_drift PRIMARY KEY (id)
);
INSERT INTO "drift" VALUES(1,99,'text','text',1,1,1,'text','text','text');
CREATE TABLE erased (
	account INTEGER NOT NULL, 
	mark VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_erased PRIMARY KEY (account, mark)
);
INSERT INTO "erased" VALUES(99,'key',1);
CREATE TABLE fact (
	id INTEGER NOT NULL, 
	account INTEGER NOT NULL, 
	dossier VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	day INTEGER NOT NULL, 
	user_id VARCHAR, 
	client VARCHAR, 
	deal_id VARCHAR, 
	lead_id VARCHAR, 
	call_id VARCHAR, 
	pipeline_id VARCHAR, 
	source VARCHAR, 
	amount BIGINT, 
	number FLOAT, 
	other FLOAT, 
	stage VARCHAR, 
	owner_now VARCHAR, 
	actor VARCHAR, 
	creator VARCHAR, 
	due_at BIGINT, 
	confidence VARCHAR NOT NULL, 
	omitted VARCHAR, 
	note VARCHAR, 
	known_from BIGINT NOT NULL, 
	known_to BIGINT, 
	CONSTRAINT pk_fact PRIMARY KEY (id)
);
INSERT INTO "fact" VALUES(1,1,'contact:7','call_out|call:c1','call_out',1788253200000,20260901,'501','contact:7',NULL,NULL,'c1',NULL,NULL,NULL,90.0,90.0,NULL,NULL,NULL,NULL,NULL,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(2,1,'contact:7','call_out|call:c2','call_out',1788253200000,20260901,'501','contact:7','2',NULL,'c2',NULL,NULL,NULL,90.0,NULL,NULL,NULL,NULL,NULL,NULL,'exact','redial',NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(3,1,'contact:7','client_year|deal:2','client_year',1788253200000,20260901,'501','contact:7','2',NULL,NULL,'1',NULL,100000,0.5,NULL,NULL,'501',NULL,NULL,1819789200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(4,1,'contact:7','client_year|deal:4','client_year',1788253200000,20260901,'501','contact:7','4',NULL,NULL,'1',NULL,100000,0.5,NULL,NULL,'501',NULL,NULL,1819789200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(5,1,'contact:7','created|deal:2','created',1788253200000,20260901,'501','contact:7','2',NULL,NULL,'1',NULL,100000,0.0,NULL,'won','501',NULL,NULL,NULL,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(6,1,'contact:7','created|deal:4','created',1788253200000,20260901,'501','contact:7','4',NULL,NULL,'1',NULL,100000,0.0,NULL,'won','501',NULL,NULL,NULL,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(7,1,'contact:7','cycle|deal:2','cycle',1788253200000,20260901,'501','contact:7','2',NULL,NULL,'1',NULL,NULL,0.0,NULL,NULL,'501',NULL,NULL,NULL,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(8,1,'contact:7','cycle|deal:4','cycle',1788253200000,20260901,'501','contact:7','4',NULL,NULL,'1',NULL,NULL,0.0,NULL,NULL,'501',NULL,NULL,NULL,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(9,1,'contact:7','enquiry|deal:2','enquiry',1788253200000,20260901,'501','contact:7','2',NULL,NULL,'1',NULL,NULL,0.0,NULL,NULL,NULL,NULL,NULL,1788254100000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(10,1,'contact:7','enquiry|deal:4','enquiry',1788253200000,20260901,'501','contact:7','4',NULL,NULL,'1',NULL,NULL,0.0,NULL,NULL,NULL,NULL,NULL,1788254100000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(11,1,'contact:7','lead_won|deal:2','lead_won',1788253200000,20260901,'501','contact:7','2',NULL,NULL,'1',NULL,NULL,0.0,NULL,NULL,NULL,NULL,NULL,1796029200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(12,1,'contact:7','lead_won|deal:4','lead_won',1788253200000,20260901,'501','contact:7','4',NULL,NULL,'1',NULL,NULL,0.0,NULL,NULL,NULL,NULL,NULL,1796029200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(13,1,'contact:7','return|deal:2','return',1788253200000,20260901,'501','contact:7','2',NULL,NULL,'1',NULL,NULL,0.0,NULL,NULL,'501',NULL,NULL,1803805200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(14,1,'contact:7','return|deal:4','return',1788253200000,20260901,'501','contact:7','4',NULL,NULL,'1',NULL,NULL,NULL,NULL,NULL,'501',NULL,NULL,1803805200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(15,1,'contact:7','talk_meeting|contact:7','talk_meeting',1788253200000,20260901,'501','contact:7',NULL,NULL,'c1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1796029200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(16,1,'contact:7','talk_won|contact:7','talk_won',1788253200000,20260901,'501','contact:7',NULL,NULL,'c1',NULL,NULL,NULL,0.0,NULL,NULL,NULL,NULL,NULL,1796029200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(17,1,'contact:7','win|deal:2','win',1788253200000,20260901,'501','contact:7','2',NULL,NULL,'1',NULL,100000,1.0,NULL,NULL,'501',NULL,NULL,1796029200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(18,1,'contact:7','win|deal:4','win',1788253200000,20260901,'501','contact:7','4',NULL,NULL,'1',NULL,100000,2.0,0.0,NULL,'501',NULL,NULL,1796029200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(19,1,'contact:8','call_out|call:c3','call_out',1788253200000,20260901,'501','contact:8',NULL,NULL,'c3',NULL,NULL,NULL,90.0,90.0,NULL,NULL,NULL,NULL,NULL,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(20,1,'contact:8','client_year|deal:1','client_year',1788253200000,20260901,'501','contact:8','1',NULL,NULL,'1',NULL,100000,0.5,NULL,NULL,'501',NULL,NULL,1819789200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(21,1,'contact:8','client_year|deal:3','client_year',1788253200000,20260901,'501','contact:8','3',NULL,NULL,'1',NULL,100000,0.5,NULL,NULL,'501',NULL,NULL,1819789200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(22,1,'contact:8','created|deal:1','created',1788253200000,20260901,'501','contact:8','1',NULL,NULL,'1',NULL,100000,0.0,NULL,'won','501',NULL,NULL,NULL,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(23,1,'contact:8','created|deal:3','created',1788253200000,20260901,'501','contact:8','3',NULL,NULL,'1',NULL,100000,0.0,NULL,'won','501',NULL,NULL,NULL,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(24,1,'contact:8','cycle|deal:1','cycle',1788253200000,20260901,'501','contact:8','1',NULL,NULL,'1',NULL,NULL,0.0,NULL,NULL,'501',NULL,NULL,NULL,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(25,1,'contact:8','cycle|deal:3','cycle',1788253200000,20260901,'501','contact:8','3',NULL,NULL,'1',NULL,NULL,0.0,NULL,NULL,'501',NULL,NULL,NULL,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(26,1,'contact:8','enquiry|deal:1','enquiry',1788253200000,20260901,'501','contact:8','1',NULL,NULL,'1',NULL,NULL,0.0,NULL,NULL,NULL,NULL,NULL,1788254100000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(27,1,'contact:8','enquiry|deal:3','enquiry',1788253200000,20260901,'501','contact:8','3',NULL,NULL,'1',NULL,NULL,0.0,NULL,NULL,NULL,NULL,NULL,1788254100000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(28,1,'contact:8','lead_won|deal:1','lead_won',1788253200000,20260901,'501','contact:8','1',NULL,NULL,'1',NULL,NULL,0.0,NULL,NULL,NULL,NULL,NULL,1796029200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(29,1,'contact:8','lead_won|deal:3','lead_won',1788253200000,20260901,'501','contact:8','3',NULL,NULL,'1',NULL,NULL,0.0,NULL,NULL,NULL,NULL,NULL,1796029200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(30,1,'contact:8','return|deal:1','return',1788253200000,20260901,'501','contact:8','1',NULL,NULL,'1',NULL,NULL,0.0,NULL,NULL,'501',NULL,NULL,1803805200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(31,1,'contact:8','return|deal:3','return',1788253200000,20260901,'501','contact:8','3',NULL,NULL,'1',NULL,NULL,NULL,NULL,NULL,'501',NULL,NULL,1803805200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(32,1,'contact:8','talk_meeting|contact:8','talk_meeting',1788253200000,20260901,'501','contact:8',NULL,NULL,'c3',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1796029200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(33,1,'contact:8','talk_won|contact:8','talk_won',1788253200000,20260901,'501','contact:8',NULL,NULL,'c3',NULL,NULL,NULL,0.0,NULL,NULL,NULL,NULL,NULL,1796029200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(34,1,'contact:8','win|deal:1','win',1788253200000,20260901,'501','contact:8','1',NULL,NULL,'1',NULL,100000,1.0,NULL,NULL,'501',NULL,NULL,1796029200000,'exact',NULL,NULL,1789981248000,NULL);
INSERT INTO "fact" VALUES(35,1,'contact:8','win|deal:3','win',1788253200000,20260901,'501','contact:8','3',NULL,NULL,'1',NULL,100000,2.0,0.0,NULL,'501',NULL,NULL,1796029200000,'exact',NULL,NULL,1789981248000,NULL);
CREATE TABLE feedback (
	account INTEGER NOT NULL, 
	task VARCHAR NOT NULL, 
	step VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_feedback PRIMARY KEY (account, task, step)
);
INSERT INTO "feedback" VALUES(99,'key','key',1,'text');
CREATE TABLE hook (
	account INTEGER NOT NULL, 
	turn INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	told TEXT NOT NULL, 
	checked_at BIGINT NOT NULL, 
	last_at BIGINT, 
	missed INTEGER NOT NULL, 
	CONSTRAINT pk_hook PRIMARY KEY (account)
);
INSERT INTO "hook" VALUES(99,1,'text','text',1,1,1);
CREATE TABLE import (
	id INTEGER NOT NULL, 
	account INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	author VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	new INTEGER NOT NULL, 
	changed INTEGER NOT NULL, 
	same INTEGER NOT NULL, 
	whats TEXT NOT NULL, 
	undone_at BIGINT, 
	undone_by VARCHAR, 
	CONSTRAINT pk_import PRIMARY KEY (id)
);
INSERT INTO "import" VALUES(1,99,1,'text','text','text',1,1,1,'text',1,'text');
CREATE TABLE imported (
	account INTEGER NOT NULL, 
	import_id BIGINT NOT NULL, 
	"key" VARCHAR NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_imported PRIMARY KEY (account, import_id, "key")
);
INSERT INTO "imported" VALUES(99,1,'key','text');
CREATE TABLE inbox (
	id INTEGER NOT NULL, 
	account INTEGER NOT NULL, 
	digest VARCHAR NOT NULL, 
	came_at BIGINT NOT NULL, 
	sealed TEXT NOT NULL, 
	CONSTRAINT pk_inbox PRIMARY KEY (id)
);
INSERT INTO "inbox" VALUES(1,99,'text',1,'text');
CREATE TABLE lease (
	account INTEGER NOT NULL, 
	holder VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	until BIGINT NOT NULL, 
	CONSTRAINT pk_lease PRIMARY KEY (account)
);
INSERT INTO "lease" VALUES(-1,'[{"holder":"shop/pid:[1]/77","since":1788000000000,"until":1788000060000}]',0,0);
INSERT INTO "lease" VALUES(1,'shop/pid:[1]/77',1,0);
CREATE TABLE ledger (
	id INTEGER NOT NULL, 
	account INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	target VARCHAR NOT NULL, 
	field VARCHAR NOT NULL, 
	"before" VARCHAR, 
	"after" VARCHAR, 
	wanted VARCHAR, 
	status VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_ledger PRIMARY KEY (id)
);
INSERT INTO "ledger" VALUES(1,99,1,'text','text','text','text','text','text','text','text',1);
CREATE TABLE membership (
	account INTEGER NOT NULL, 
	user_id VARCHAR NOT NULL, 
	team_id VARCHAR NOT NULL, 
	since BIGINT NOT NULL, 
	until BIGINT, 
	CONSTRAINT pk_membership PRIMARY KEY (account, user_id, team_id, since)
);
INSERT INTO "membership" VALUES(1,'501','700',0,NULL);
INSERT INTO "membership" VALUES(1,'502','700',0,NULL);
CREATE TABLE notice (
	account INTEGER NOT NULL, 
	code VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	first_at BIGINT NOT NULL, 
	last_at BIGINT NOT NULL, 
	count INTEGER NOT NULL, 
	CONSTRAINT pk_notice PRIMARY KEY (account, code, subject)
);
INSERT INTO "notice" VALUES(1,'note','x','позвоните: Мария Петрова и Anna Petrova ждут',1,1,1);
INSERT INTO "notice" VALUES(1,'other','x','Annabel',1,1,1);
CREATE TABLE outbox (
	account INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	wish TEXT NOT NULL, 
	level VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	tries INTEGER NOT NULL, 
	not_before BIGINT, 
	sent_at BIGINT, 
	run INTEGER, 
	reason VARCHAR NOT NULL, 
	crm_id VARCHAR, 
	message VARCHAR NOT NULL, 
	created_at BIGINT NOT NULL, 
	updated_at BIGINT NOT NULL, 
	CONSTRAINT pk_outbox PRIMARY KEY (account, "key")
);
INSERT INTO "outbox" VALUES(99,'key','text','text','text',1,1,1,1,'text','text','text',1,1);
CREATE TABLE "plan" (
	account INTEGER NOT NULL, 
	subject VARCHAR NOT NULL, 
	kpi VARCHAR NOT NULL, 
	period VARCHAR NOT NULL, 
	pipeline VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	value VARCHAR NOT NULL, 
	author VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_plan PRIMARY KEY (account, subject, kpi, period, pipeline, version)
);
INSERT INTO "plan" VALUES(99,'key','key','key','key',1,'text','text','text',1);
CREATE TABLE plan_correction (
	id INTEGER NOT NULL, 
	account INTEGER NOT NULL, 
	subject VARCHAR NOT NULL, 
	kpi VARCHAR NOT NULL, 
	period VARCHAR NOT NULL, 
	body TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	state VARCHAR NOT NULL, 
	"by" VARCHAR, 
	reason VARCHAR NOT NULL, 
	decided_at BIGINT, 
	CONSTRAINT pk_plan_correction PRIMARY KEY (id)
);
INSERT INTO "plan_correction" VALUES(1,99,'text','text','text','text',1,'text','text','text',1);
CREATE TABLE quote (
	account INTEGER NOT NULL, 
	currency VARCHAR NOT NULL, 
	day INTEGER NOT NULL, 
	rate VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_quote PRIMARY KEY (account, currency, day)
);
INSERT INTO "quote" VALUES(99,'key',1,'text','text',1);
CREATE TABLE record (
	account INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	body TEXT NOT NULL, 
	hash VARCHAR NOT NULL, 
	updated_at BIGINT, 
	first_seen BIGINT NOT NULL, 
	changed_at BIGINT NOT NULL, 
	gone_at BIGINT, 
	link VARCHAR, 
	dossier VARCHAR, 
	CONSTRAINT pk_record PRIMARY KEY (account, kind, id)
);
INSERT INTO "record" VALUES(1,'team','700','{"id":"700","updated_at":"2026-09-01T09:00:00Z","name":"North"}','fbf74ec7a157033085e0f07a9062adf8',1788253200000,1789981205000,1789981205000,NULL,NULL,NULL);
INSERT INTO "record" VALUES(1,'user','501','{"id":"501","updated_at":"2026-09-01T09:00:01Z","name":"Anna","team_ids":["700"]}','5d55e5808f9152c48284cb8f21f2ee78',1788253201000,1789981207000,1789981207000,NULL,NULL,NULL);
INSERT INTO "record" VALUES(1,'user','502','{"id":"502","updated_at":"2026-09-01T09:00:02Z","name":"Boris","team_ids":["700"]}','aa3d34e089038d9a2d1d82390c8c9484',1788253202000,1789981207000,1789981207000,NULL,NULL,NULL);
INSERT INTO "record" VALUES(1,'pipeline','1','{"id":"1","updated_at":"2026-09-01T09:00:03Z","name":"Sales"}','7de084db8d39990c1dd417c273c974b4',1788253203000,1789981209000,1789981209000,NULL,NULL,NULL);
INSERT INTO "record" VALUES(1,'stage','1/1','{"id":"1/1","updated_at":"2026-09-01T09:00:04Z","name":"New","pipeline_id":"1"}','b1181df29ea417a5b69c96ccc813effc',1788253204000,1789981211000,1789981211000,NULL,NULL,NULL);
INSERT INTO "record" VALUES(1,'stage','1/142','{"id":"1/142","updated_at":"2026-09-01T09:00:05Z","name":"Won","pipeline_id":"1","outcome":"won"}','f6f47d3bb55c2939027431c7458e96b6',1788253205000,1789981211000,1789981211000,NULL,NULL,NULL);
INSERT INTO "record" VALUES(1,'client','contact:7','{"id":"contact:7","updated_at":"2026-09-21T09:00:00Z","phones":["h4shofhernumber01"],"name":"Мария Петрова"}','0f5375c8462d61db6a1aa3cd8b461069',1789981200000,1789981217000,1789981217000,NULL,NULL,'contact:7');
INSERT INTO "record" VALUES(1,'client','contact:8','{"id":"contact:8","updated_at":"2026-09-21T09:00:00Z","phones":["h4shofanother0002"],"name":"Иван Сидоров"}','5e96b984c923052d0536a47e872bae66',1789981200000,1789981217000,1789981217000,NULL,NULL,'contact:8');
INSERT INTO "record" VALUES(1,'deal','1','{"id":"1","updated_at":"2026-09-01T09:00:08Z","created_at":"2026-09-01T09:00:00Z","owner_id":"501","pipeline_id":"1","stage_id":"1/142","outcome":"won","amount":100000,"currency":"RUB","contacts":["contact:8"],"fields":{"CSAT":"2"}}','88090a5b5e499e2cf154e1b8afc353e7',1788253208000,1789981221000,1789981221000,NULL,'contact:8','contact:8');
INSERT INTO "record" VALUES(1,'deal','2','{"id":"2","updated_at":"2026-09-01T09:00:10Z","created_at":"2026-09-01T09:00:00Z","owner_id":"501","pipeline_id":"1","stage_id":"1/142","outcome":"won","amount":100000,"currency":"RUB","contacts":["contact:7"]}','b7b0ba1cbd628912c0dd4cb2d26ff8b5',1788253210000,1789981221000,1789981221000,NULL,'contact:7','contact:7');
INSERT INTO "record" VALUES(1,'deal','3','{"id":"3","updated_at":"2026-09-01T09:00:12Z","created_at":"2026-09-01T09:00:00Z","owner_id":"501","pipeline_id":"1","stage_id":"1/142","outcome":"won","amount":100000,"currency":"RUB","contacts":["contact:8"]}','89e4deafa3f92dbc024e361f41ef8c91',1788253212000,1789981221000,1789981221000,NULL,'contact:8','contact:8');
INSERT INTO "record" VALUES(1,'deal','4','{"id":"4","updated_at":"2026-09-01T09:00:14Z","created_at":"2026-09-01T09:00:00Z","owner_id":"501","pipeline_id":"1","stage_id":"1/142","outcome":"won","amount":100000,"currency":"RUB","contacts":["contact:7"]}','85c6da03caa9a16c50ebb44cb5cf9d54',1788253214000,1789981221000,1789981221000,NULL,'contact:7','contact:7');
INSERT INTO "record" VALUES(1,'move','m1','{"id":"m1","updated_at":"2026-09-01T09:00:09Z","of":"deal:1","at":"2026-09-01T09:00:00Z","pipeline_id":"1","stage_id":"1/142","outcome":"won","from_outcome":"open"}','87c8ebf3606055dc2f59e8eb8609fe96',1788253209000,1789981223000,1789981223000,NULL,'deal:1','contact:8');
INSERT INTO "record" VALUES(1,'move','m2','{"id":"m2","updated_at":"2026-09-01T09:00:11Z","of":"deal:2","at":"2026-09-01T09:00:00Z","pipeline_id":"1","stage_id":"1/142","outcome":"won","from_outcome":"open"}','4bf7d4ca51dd75b8fca1ae69a5410471',1788253211000,1789981223000,1789981223000,NULL,'deal:2','contact:7');
INSERT INTO "record" VALUES(1,'move','m3','{"id":"m3","updated_at":"2026-09-01T09:00:13Z","of":"deal:3","at":"2026-09-01T09:00:00Z","pipeline_id":"1","stage_id":"1/142","outcome":"won","from_outcome":"open"}','9df7bce14f619ed482a1977fb4cb604c',1788253213000,1789981223000,1789981223000,NULL,'deal:3','contact:8');
INSERT INTO "record" VALUES(1,'move','m4','{"id":"m4","updated_at":"2026-09-01T09:00:15Z","of":"deal:4","at":"2026-09-01T09:00:00Z","pipeline_id":"1","stage_id":"1/142","outcome":"won","from_outcome":"open"}','7509c367b620be7e235cb81e3b0466db',1788253215000,1789981223000,1789981223000,NULL,'deal:4','contact:7');
INSERT INTO "record" VALUES(1,'call','c1','{"id":"c1","updated_at":"2026-09-21T09:00:00Z","at":"2026-09-01T09:00:00Z","direction":"out","answered":true,"seconds":90,"user_id":"501","on":["contact:7"],"phone":"h4shofhernumber01"}','337fba0c6b158f015caff8e50e452d64',1789981200000,1789981231000,1789981231000,NULL,'contact:7','contact:7');
INSERT INTO "record" VALUES(1,'call','c2','{"id":"c2","updated_at":"2026-09-21T09:00:01Z","at":"2026-09-01T09:00:00Z","direction":"out","answered":true,"seconds":90,"user_id":"501","on":["deal:2"],"phone":"h4shofhernumber01"}','50ec734016821b59424f98f4edbc9f51',1789981201000,1789981231000,1789981231000,NULL,'deal:2','contact:7');
INSERT INTO "record" VALUES(1,'call','c3','{"id":"c3","updated_at":"2026-09-21T09:00:02Z","at":"2026-09-01T09:00:00Z","direction":"out","answered":true,"seconds":90,"user_id":"501","on":["contact:8"],"phone":"h4shofanother0002"}','38b333c9a20be42ca506186f8b0fddbc',1789981202000,1789981231000,1789981231000,NULL,'contact:8','contact:8');
CREATE TABLE refused (
	account INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	raw TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_refused PRIMARY KEY (account, kind, id)
);
INSERT INTO "refused" VALUES(99,'key','key','text','text',1);
CREATE TABLE result (
	account INTEGER NOT NULL, 
	subject VARCHAR NOT NULL, 
	period VARCHAR NOT NULL, 
	kpi VARCHAR NOT NULL, 
	body TEXT NOT NULL, 
	computed_at BIGINT NOT NULL, 
	CONSTRAINT pk_result PRIMARY KEY (account, subject, period, kpi)
);
INSERT INTO "result" VALUES(99,'key','key','key','text',1);
CREATE TABLE run (
	id INTEGER NOT NULL, 
	account INTEGER NOT NULL, 
	what VARCHAR NOT NULL, 
	started_at BIGINT NOT NULL, 
	ended_at BIGINT, 
	requests INTEGER NOT NULL, 
	rows INTEGER NOT NULL, 
	changed INTEGER NOT NULL, 
	writes INTEGER NOT NULL, 
	error TEXT, 
	CONSTRAINT pk_run PRIMARY KEY (id)
);
INSERT INTO "run" VALUES(1,1,'sync',1789981203000,1789981256000,27,19,19,0,NULL);
CREATE TABLE sampled_call (
	account INTEGER NOT NULL, 
	call_id VARCHAR NOT NULL, 
	rater VARCHAR NOT NULL, 
	week VARCHAR NOT NULL, 
	user_id VARCHAR NOT NULL, 
	stratum VARCHAR NOT NULL, 
	second INTEGER NOT NULL, 
	made_at BIGINT NOT NULL, 
	done_at BIGINT, 
	CONSTRAINT pk_sampled_call PRIMARY KEY (account, call_id, rater)
);
INSERT INTO "sampled_call" VALUES(99,'key','key','text','text','text',1,1,1);
CREATE TABLE sheet (
	account INTEGER NOT NULL, 
	span INTEGER NOT NULL, 
	user_id VARCHAR NOT NULL, 
	cells BLOB NOT NULL, 
	CONSTRAINT pk_sheet PRIMARY KEY (account, span, user_id)
)
 WITHOUT ROWID

;
INSERT INTO "sheet" VALUES(1,202609,'501',X'DC00159502A565786163740200C09503A565786163740202CB4212A05F200000009507A565786163740400C0950DA565786163740202CB40CFA40000000000950FA565786163740200C09510A565786163740400C09511A565786163740404CE00061A80951CA565786163740404CB4222A05F20000000951DA565786163740400C09520A565786163740202CB40668000000000009522A565786163740200C09523A565786163740400C0952BA565786163740404CE00061A80952CA565786163740400C0952DA565786163740400C09539A565786163740404CB00000000000000009543A565786163740200C09550A565786163740202CE00030D409559A565786163740200C09566A565786163740404CE00061A80956CA565786163740202CB4066800000000000');
CREATE TABLE sign_in (
	id INTEGER NOT NULL, 
	account INTEGER NOT NULL, 
	user_id VARCHAR NOT NULL, 
	hash VARCHAR NOT NULL, 
	created_at BIGINT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	used_at BIGINT, 
	ended_at BIGINT, 
	CONSTRAINT pk_sign_in PRIMARY KEY (id), 
	CONSTRAINT uq_sign_in_hash UNIQUE (hash)
);
INSERT INTO "sign_in" VALUES(1,99,'text','text',1,1,1,1);
CREATE TABLE switch (
	id INTEGER NOT NULL, 
	account INTEGER NOT NULL, 
	level VARCHAR NOT NULL, 
	"before" VARCHAR NOT NULL, 
	setting VARCHAR NOT NULL, 
	configured VARCHAR NOT NULL, 
	author VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_switch PRIMARY KEY (id)
);
INSERT INTO "switch" VALUES(1,99,'text','text','text','text','text',1);
CREATE TABLE terms (
	account INTEGER NOT NULL, 
	since BIGINT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_terms PRIMARY KEY (account, since)
);
INSERT INTO "terms" VALUES(1,1789981247000,'{"rules":"{\"sales_pipelines\":[],\"connected_call_seconds\":10,\"successful_call_seconds\":60,\"meaningful_call_seconds\":180,\"callback_minutes\":20,\"lead_norm_minutes\":15,\"junk_reasons\":[],\"internal_numbers\":[],\"test_words\":[],\"test_users\":[],\"test_pipelines\":[],\"robots\":[],\"robot_deals\":true,\"own_leads\":false,\"office_hours\":\"09:00-18:00\",\"working_days\":[1,2,3,4,5],\"holidays\":\"RU\",\"days_off\":[],\"working_extra\":[],\"office\":[],\"person_zones\":false,\"csat_field\":null,\"csat_date_field\":null,\"csat_good_from\":4.0,\"refund_amount_field\":null,\"refund_date_field\":null,\"refund_window_days\":90,\"refund_reason_field\":null,\"refund_excused_reasons\":[],\"win_rule\":\"last_standing\",\"amounts\":\"strict\",\"group_wins_days\":0,\"currency_field\":null,\"other_reasons\":[\"Другое\",\"Other\"],\"qualified_stages\":[],\"conversion_window_days\":90,\"return_days\":180,\"reactivation_days\":365,\"key_steps\":[],\"step_window_days\":30,\"quote_stage\":null,\"stuck_after_days\":5,\"stuck_by_stage\":{},\"credit\":\"event\",\"history_start\":null,\"split_field\":null,\"margin_field\":null,\"list_price_field\":null,\"payment_amount_field\":null,\"payment_date_field\":null,\"required_fields\":[],\"expected_close_field\":null,\"objection_field\":null,\"script_field\":null,\"score_good_from\":0.8,\"close_months\":\"auto\",\"close_grace_days\":5,\"prorate_plans\":true}","zone":"Europe/Moscow","currency":"RUB","kpis":"[]"}');
CREATE TABLE token (
	account INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	sealed TEXT NOT NULL, 
	state VARCHAR NOT NULL, 
	intent_at BIGINT, 
	message VARCHAR NOT NULL, 
	CONSTRAINT pk_token PRIMARY KEY (account)
);
INSERT INTO "token" VALUES(99,1,'text','text',1,'text');
CREATE TABLE transcript (
	account INTEGER NOT NULL, 
	call_id VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	body TEXT NOT NULL, 
	taken_at BIGINT NOT NULL, 
	asked INTEGER NOT NULL, 
	begun INTEGER NOT NULL, 
	purged_at BIGINT, 
	CONSTRAINT pk_transcript PRIMARY KEY (account, call_id)
);
INSERT INTO "transcript" VALUES(1,'c1','file','ru','["Мария Петрова слушает"]',1,0,0,NULL);
INSERT INTO "transcript" VALUES(1,'c3','file','ru','["да"]',1,0,0,NULL);
CREATE TABLE turn (
	account INTEGER NOT NULL, 
	what VARCHAR NOT NULL, 
	due_at BIGINT NOT NULL, 
	began_at BIGINT, 
	ended_at BIGINT, 
	failures INTEGER NOT NULL, 
	slow BOOLEAN NOT NULL, 
	error TEXT, 
	CONSTRAINT pk_turn PRIMARY KEY (account, what)
);
INSERT INTO "turn" VALUES(99,'key',1,1,1,1,1,'text');
CREATE TABLE version (
	account INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	since BIGINT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_version PRIMARY KEY (account, kind, id, since)
);
INSERT INTO "version" VALUES(1,'team','700',1789981205000,'{"id":"700","updated_at":"2026-09-01T09:00:00Z","name":"North"}');
INSERT INTO "version" VALUES(1,'user','501',1789981207000,'{"id":"501","updated_at":"2026-09-01T09:00:01Z","name":"Anna","team_ids":["700"]}');
INSERT INTO "version" VALUES(1,'user','502',1789981207000,'{"id":"502","updated_at":"2026-09-01T09:00:02Z","name":"Boris","team_ids":["700"]}');
CREATE TABLE world (
	account INTEGER NOT NULL, 
	accepted TEXT NOT NULL, 
	seen TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_world PRIMARY KEY (account)
);
INSERT INTO "world" VALUES(1,'{"calls_from":null,"calls_on":20260921,"fields":{},"fields_on":0,"pipelines":{"1":"Sales"},"stages":{"1/1":{"name":"New","outcome":"open","pipeline":"1"},"1/142":{"name":"Won","outcome":"won","pipeline":"1"}}}','{"calls_from":null,"calls_on":20260921,"fields":{},"fields_on":20260921,"pipelines":{"1":"Sales"},"stages":{"1/1":{"name":"New","outcome":"open","pipeline":"1"},"1/142":{"name":"Won","outcome":"won","pipeline":"1"}}}',1789981252000);
CREATE INDEX ix_absence_account ON absence (account, user_id);
CREATE INDEX ix_fact_day ON fact (account, day);
CREATE INDEX ix_fact_dossier ON fact (account, dossier);
CREATE INDEX ix_fact_due ON fact (account, due_at) WHERE known_to is null and due_at is not null;
CREATE INDEX ix_fact_ended ON fact (account, kind, day, known_to, known_from, user_id, confidence, amount, number, due_at, omitted, other, stage) WHERE known_to is not null;
CREATE INDEX ix_fact_omitted ON fact (account, day, omitted, known_from, known_to) WHERE omitted is not null;
CREATE INDEX ix_fact_live ON fact (account, kind, day, user_id, confidence, amount, number, due_at, omitted, known_from, known_to, other, stage) WHERE known_to is null;
CREATE INDEX ix_ledger_run ON ledger (account, run);
CREATE INDEX ix_ledger_target ON ledger (account, target, field);
CREATE INDEX ix_switch_level ON switch (account, level, id);
CREATE INDEX ix_outbox_state ON outbox (account, state);
CREATE INDEX ix_record_dossier ON record (account, dossier);
CREATE INDEX ix_record_link ON record (account, link);
CREATE INDEX ix_run_account ON run (account, started_at);
CREATE INDEX ix_drift_account ON drift (account, code, subject);
CREATE INDEX ix_import_account ON import (account, at);
CREATE INDEX ix_imported_key ON imported (account, "key");
CREATE INDEX ix_contest_account ON contest (account, user_id);
CREATE INDEX ix_plan_correction_account ON plan_correction (account, period);
CREATE INDEX ix_sign_in_person ON sign_in (account, user_id);
CREATE INDEX ix_transcript_taken ON transcript (account, taken_at);
CREATE UNIQUE INDEX uq_call_score ON call_score (account, call_id, checklist, scorer);
CREATE INDEX ix_call_score_at ON call_score (account, at);
CREATE INDEX ix_sampled_call_week ON sampled_call (account, week);
CREATE UNIQUE INDEX uq_inbox_digest ON inbox (account, digest);
COMMIT;
