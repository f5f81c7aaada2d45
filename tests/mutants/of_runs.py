"""Ways to break how a run is planned, made and joined, and the tests that must notice."""

from __future__ import annotations

from tests.mutants.mutant import PIPELINE, TESTS, Edit, Mutant, mutant

CHANGED_PARTS = "tests/campaign/test_changed_parts.py"
TAMPERED = "tests/campaign/test_tampered.py"
PROVEN = f"{TESTS}test_receipts.py"
JOINED = f"{TESTS}test_join.py"
PUBLISHED = f"{TESTS}test_publish.py"
IDENTITY = f"{TESTS}test_identity.py"

_RECEIPT_BEFORE_PARTS = Mutant(
    "the receipt comes after the parts",
    (
        Edit(
            PIPELINE + "parts.py",
            "        stored = bucket.put(RunKeys(run).part(file, index), body, CSV, "
            "checksum=checksum)\n",
            "        stored = Written(f'\"{hashlib.md5(body).hexdigest()}\"', None)\n"
            "        LATER.append((RunKeys(run).part(file, index), body))\n",
        ),
        Edit(
            PIPELINE + "generate_slice.py",
            "    receipt.store(bucket)\n",
            "    receipt.store(bucket)\n"
            "    while LATER:\n"
            "        key, body = LATER.pop(0)\n"
            "        bucket.put(key, body, CSV, checksum=zlib.crc32(body))\n",
        ),
        Edit(
            PIPELINE + "generate_slice.py",
            "from contextlib import ExitStack\n",
            "import zlib\nfrom contextlib import ExitStack\n"
            "from accidental_transfers.pipeline.parts import LATER\n"
            "from accidental_transfers.pipeline.storage import CSV\n",
        ),
        Edit(
            PIPELINE + "parts.py",
            "import zlib\n",
            "import hashlib\nimport zlib\nLATER = []\n"
            "from accidental_transfers.pipeline.conditional import Written\n",
        ),
    ),
    (f"{TESTS}test_generate_slice.py",),
)

OF_RUNS = (
    mutant(
        "If-Match on downloads",
        "storage.py",
        '            request["IfMatch"] = etag\n',
        "            pass\n",
        CHANGED_PARTS,
    ),
    mutant(
        "If-Match on the sources of copies",
        "multipart.py",
        '            "CopySourceIfMatch": source.etag,\n',
        "",
        CHANGED_PARTS,
    ),
    mutant(
        "the ETag of a part against its receipt",
        "proof.py",
        "    if stored.etag == part.etag:\n",
        "    if stored.etag:\n",
        TAMPERED,
    ),
    mutant(
        "the checksum of a part that has another ETag",
        "proof.py",
        "    return head is not None and head.crc32 ==",
        "    return head is not None or head ==",
        TAMPERED,
    ),
    mutant(
        "the plan's digest in a receipt",
        "proof.py",
        '        "it was made for another plan" if receipt.plan != plan.digest else "",\n',
        "",
        TAMPERED,
        PROVEN,
    ),
    mutant(
        "the run's name in a receipt",
        "proof.py",
        '        f"it is of run {receipt.run}" if receipt.run != plan.run else "",\n',
        "",
        TAMPERED,
        PROVEN,
    ),
    mutant(
        "the slice in a receipt",
        "proof.py",
        '        f"it is of {receipt.slice}" if receipt.slice != expected else "",\n',
        "",
        TAMPERED,
        PROVEN,
    ),
    mutant(
        "the code that made a slice",
        "proof.py",
        '    receipt.identity.require(plan.identity, f"run {plan.run}: {expected}")\n',
        "",
        IDENTITY,
    ),
    mutant(
        "the code that made a plan",
        "run_plan.py",
        "        plan.identity.require(Identity.here(), owner)\n",
        "",
        IDENTITY,
    ),
    mutant(
        "a receipt agrees with itself",
        "proof.py",
        "    receipt.require_consistent()\n",
        "",
        PROVEN,
    ),
    mutant(
        "a plan is that of the run that was asked for",
        "run_plan.py",
        "        if plan.run != run:\n",
        "        if not plan.run:\n",
        IDENTITY,
        TAMPERED,
    ),
    mutant(
        "the plan's digest in a task and at the join",
        "run_plan.py",
        "        if digest is not None and digest != plan.digest:\n",
        "        if digest is not None and not plan.digest:\n",
        IDENTITY,
    ),
    mutant(
        "a run's name is taken by its first plan",
        "run_plan.py",
        "        if held.digest == self.digest:\n",
        "        if held.run == self.run:\n",
        f"{TESTS}test_plan.py",
    ),
    mutant(
        "a plan is never written over another",
        "run_plan.py",
        "            bucket.put(RunKeys(self.run).plan, body, JSON, condition=only_over(None))\n",
        "            bucket.put(RunKeys(self.run).plan, body, JSON)\n",
        f"{TESTS}test_plan.py",
    ),
    mutant(
        "what resuming makes is what has no valid receipt",
        "resume.py",
        "    return plan, slices_to_make(plan, bucket)\n",
        "    slices_to_make(plan, bucket)\n    return plan, list(plan.slices)\n",
        f"{TESTS}test_resume.py",
    ),
    mutant(
        "a join goes on with the same pieces only",
        "checkpoint.py",
        "    if left.pieces != _digest(pieces):\n",
        "    if not left.pieces:\n",
        f"{TESTS}test_checkpoint.py",
    ),
    mutant(
        "a receipt for every slice",
        "proof.py",
        "    if missing:\n",
        "    if len(missing) == len(plan.slices):\n",
        TAMPERED,
        PROVEN,
    ),
    mutant(
        "no receipt too many",
        "proof.py",
        "    if foreign:\n",
        "    if len(foreign) > 1:\n",
        PROVEN,
    ),
    mutant(
        "a slice is the plan's",
        "generate_slice.py",
        "    if planned != task.slice:\n",
        "    if planned is None:\n",
        f"{TESTS}test_generate_slice.py",
    ),
    _RECEIPT_BEFORE_PARTS,
    mutant(
        "everything is prepared before anything is completed",
        "concatenate_parts.py",
        "    with prepared(bucket, joins, RunKeys(plan.run)) as texts:\n"
        "        turn = output.claim(plan.run)\n"
        "        published = [turn.publish(text.publication, text.complete) for text in texts]\n",
        "    turn, published = output.claim(plan.run), []\n"
        "    for join in joins:\n"
        "        with prepared(bucket, [join], RunKeys(plan.run)) as (text,):\n"
        "            published.append(turn.publish(text.publication, text.complete))\n"
        "    if turn:\n",
        PUBLISHED,
        CHANGED_PARTS,
    ),
    mutant(
        "an upload that failed is aborted",
        "multipart.py",
        "        if self._open:\n",
        "        if self._open and type_ is None:\n",
        PUBLISHED,
    ),
    mutant(
        "the checksum at Complete",
        "multipart.py",
        '            request["ChecksumCRC32"] = crc32.to_base64(checksum)\n        if condition',
        "            pass\n        if condition",
        f"{JOINED}::test_the_object_is_the_concatenation_at_the_sizes_of_s3",
    ),
    mutant(
        "the size at Complete",
        "multipart.py",
        '            "MpuObjectSize": size,\n',
        "",
        f"{JOINED}::test_the_object_is_the_concatenation_at_the_sizes_of_s3",
    ),
    Mutant(
        "the Deny on runs/*.csv",
        (
            Edit(
                "template.yaml",
                "              Effect: Deny\n              Action: s3:PutObject\n",
                "              Effect: Allow\n              Action: s3:PutObject\n",
            ),
        ),
        (
            "tests/infrastructure/test_template.py::test_each_function_writes_only_under_its_prefixes",
        ),
    ),
)
