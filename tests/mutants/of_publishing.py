"""Ways to break publishing as one, and the tests that must notice."""

from __future__ import annotations

from tests.mutants.mutant import PIPELINE, TESTS, Edit, Mutant, mutant

SCHEDULES = (
    "tests/protocol/test_schedules.py::test_no_schedule_ends_in_a_mixture_or_a_false_success"
)
CRASHES = "tests/protocol/test_crashes.py"
PUBLISHED = f"{TESTS}test_publish.py"
EXISTING = f"{TESTS}test_existing_output.py"
LAST = f"{TESTS}test_concatenate_parts.py::test_the_manifest_comes_last_and_then_the_commit"

_MANIFEST_BEFORE_CARD = Mutant(
    "the manifest is put last",
    (
        Edit(
            PIPELINE + "concatenate_parts.py",
            "    stored = turn.put(publication_of_document(keys.card, HTML, card, plan, ledger), ",
            "    page = publication_of_document(keys.card, HTML, card, plan, ledger)\n"
            "    stored, _ = (Published(page, '\"\"', None), ",
        ),
        Edit(
            PIPELINE + "concatenate_parts.py",
            "keys.manifest, JSON, body, plan, ledger), body)\n",
            "keys.manifest, JSON, body, plan, ledger), body)\n    turn.put(page, card)\n",
        ),
    ),
    (LAST,),
)

_OPENED_BEFORE_THE_LOOK = mutant(
    "uploads are opened after the look",
    "concatenate_parts.py",
    "        turn = output.claim(plan.run)\n",
    "        turn = Output.look(bucket, plan.spec.output_key).claim(plan.run)\n",
    SCHEDULES,
    CRASHES,
)

OF_PUBLISHING = (
    mutant(
        "a claim goes over the register that was read",
        "register.py",
        "        etag = _write(bucket, keys, entry, register.etag)\n",
        "        etag = _write(bucket, keys, entry, Register.read(bucket, keys).etag)\n",
        SCHEDULES,
    ),
    mutant(
        "a claim has a nonce",
        "register.py",
        "publishing=run, nonce=uuid4().hex,",
        "publishing=run, nonce=run,",
        SCHEDULES,
    ),
    mutant(
        "a claim keeps who committed before",
        "register.py",
        "Entry(committed=committed, publishing=run,",
        "Entry(committed=None, publishing=run,",
        f"{CRASHES}::test_a_set_that_a_dead_run_had_not_touched_still_stands",
    ),
    mutant(
        "a claim whose answer was lost is found to be made",
        "register.py",
        "        if now.entry != entry or now.etag is None:\n",
        "        if now.etag:\n",
        PUBLISHED,
    ),
    mutant(
        "a commit goes over the claim",
        "register.py",
        "            _write(self.bucket, self.keys, entry, self.etag)\n",
        "            etag = Register.read(self.bucket, self.keys).etag\n"
        "            _write(self.bucket, self.keys, entry, etag)\n",
        SCHEDULES,
    ),
    mutant(
        "who committed writes nothing more",
        "concatenate_parts.py",
        "    if output.register.committed == plan.run:\n",
        "    if output.register.committed == plan:\n",
        f"{TESTS}test_concatenate_parts.py::test_a_run_that_published_before_writes_nothing",
    ),
    mutant(
        "the commit comes last",
        "concatenate_parts.py",
        "        publish_documents(ledger, ",
        "        turn.claim.commit()\n        publish_documents(ledger, ",
        LAST,
    ),
    _MANIFEST_BEFORE_CARD,
    mutant(
        "a run that was overtaken says so",
        "publish.py",
        "            self.claim.require_held()\n",
        "",
        PUBLISHED,
    ),
    _OPENED_BEFORE_THE_LOOK,
    mutant(
        "the condition at Complete",
        "join.py",
        "checksum=target.crc32, condition=condition)",
        "checksum=target.crc32)",
        PUBLISHED,
    ),
    mutant(
        "the condition of documents",
        "publish.py",
        "                condition=condition,\n",
        "",
        PUBLISHED,
    ),
    mutant(
        "an object goes over the one that was seen, and no other",
        "publish.py",
        "            written = write(only_over(seen.etag if seen else None))\n",
        "            now = self.claim.bucket.head(publication.key)\n"
        "            written = write(only_over(now.etag if now else None))\n",
        SCHEDULES,
    ),
    mutant(
        "a card says which attempt made it",
        "concatenate_parts.py",
        '    return f"{page}\\n<!-- {claim.entry.nonce} -->\\n"\n',
        "    return page\n",
        SCHEDULES,
        CRASHES,
    ),
    mutant(
        "a run knows its own objects by its name",
        "publish.py",
        '        found = (stored.metadata.get("run"), stored.size, stored.crc32)\n',
        "        found = (self.run, stored.size, stored.crc32)\n",
        PUBLISHED,
        SCHEDULES,
    ),
    mutant(
        "a run knows its own objects by their bytes",
        "publish.py",
        '        found = (stored.metadata.get("run"), stored.size, stored.crc32)\n',
        '        found = (stored.metadata.get("run"), self.size, crc32.to_base64(self.crc32))\n',
        PUBLISHED,
        SCHEDULES,
        CRASHES,
    ),
    mutant(
        "the join refuses an output that exists",
        "concatenate_parts.py",
        "    before = require_place(output, plan)\n",
        "    before = None\n",
        EXISTING,
    ),
    mutant(
        "Plan refuses an output that exists",
        "plan.py",
        "    require_place(Output.look(bucket, plan.spec.output_key), plan)\n",
        "",
        EXISTING,
    ),
    mutant(
        "a torn set stands in nobody's way",
        "publish.py",
        "        return nobody_began or _run(head) is None or self.owner is not None\n",
        "        return True\n",
        EXISTING,
    ),
    mutant(
        "a set that stands whole counts although a run began to replace it",
        "publish.py",
        "        return nobody_began or _run(head) is None or self.owner is not None\n",
        "        return nobody_began or _run(head) is None\n",
        EXISTING,
    ),
)
