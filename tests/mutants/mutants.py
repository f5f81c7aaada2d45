"""Ways to break the protocol, each by few exact edits, and the tests that must notice."""

from __future__ import annotations

from dataclasses import dataclass

PIPELINE = "src/accidental_transfers/pipeline/"
TESTS = "tests/pipeline/"


@dataclass(frozen=True)
class Edit:
    """Text that stands once in a file, and what is put in its place."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Mutant:
    """The code with one promise taken out.

    Attributes
    ----------
    killers : tuple of str
        Tests of which at least one must fail, as pytest takes them.
    """

    breaks: str
    edits: tuple[Edit, ...]
    killers: tuple[str, ...]


def _mutant(breaks: str, file: str, old: str, new: str, *killers: str) -> Mutant:
    return Mutant(breaks, (Edit(PIPELINE + file, old, new),), killers)


CHANGED_PARTS = "tests/campaign/test_changed_parts.py"
TAMPERED = "tests/campaign/test_tampered.py"
PROVEN = f"{TESTS}test_receipts.py"
JOINED = f"{TESTS}test_join.py"
PUBLISHED = f"{TESTS}test_publish.py"

_RECEIPT_BEFORE_PARTS = Mutant(
    "the receipt comes after the parts",
    (
        Edit(
            PIPELINE + "generate_slice.py",
            "    etag = bucket.put(RunKeys(task.run).part(file, task.index), body, CSV, "
            "checksum=checksum)\n",
            "    etag = f'\"{hashlib.md5(body).hexdigest()}\"'\n"
            "    LATER.append((RunKeys(task.run).part(file, task.index), body))\n",
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
            "import zlib\n",
            "import hashlib\nimport zlib\nLATER = []\n",
        ),
    ),
    (f"{TESTS}test_generate_slice.py",),
)

MUTANTS = (
    _mutant(
        "If-Match on downloads",
        "storage.py",
        '            request["IfMatch"] = etag\n',
        "            pass\n",
        CHANGED_PARTS,
    ),
    _mutant(
        "If-Match on the sources of copies",
        "multipart.py",
        '            "CopySourceIfMatch": source.etag,\n',
        "",
        CHANGED_PARTS,
    ),
    _mutant(
        "the ETag of a part against its receipt",
        "receipts.py",
        "    if stored.etag == part.etag:\n",
        "    if stored.etag:\n",
        TAMPERED,
    ),
    _mutant(
        "the checksum of a part that has another ETag",
        "receipts.py",
        "    return head is not None and head.crc32 ==",
        "    return head is not None or part.crc32 ==",
        TAMPERED,
    ),
    _mutant(
        "the plan's digest in a receipt",
        "receipts.py",
        '        "it was made for another plan" if receipt.plan != plan.digest else "",\n',
        "",
        TAMPERED,
        PROVEN,
    ),
    _mutant(
        "the run's name in a receipt",
        "receipts.py",
        '        f"it is of run {receipt.run}" if receipt.run != plan.run else "",\n',
        "",
        TAMPERED,
        PROVEN,
    ),
    _mutant(
        "the slice in a receipt",
        "receipts.py",
        '        f"it is of {receipt.slice}" if receipt.slice != expected else "",\n',
        "",
        TAMPERED,
        PROVEN,
    ),
    _mutant(
        "the code that made a slice",
        "receipts.py",
        '    receipt.identity.require(plan.identity, f"run {plan.run}: {expected}")\n',
        "",
        f"{TESTS}test_identity.py",
    ),
    _mutant(
        "the code that made a plan",
        "run_plan.py",
        "        plan.identity.require(Identity.here(), owner)\n",
        "",
        f"{TESTS}test_identity.py",
    ),
    _mutant(
        "a receipt for every slice",
        "receipts.py",
        "    if missing:\n",
        "    if len(missing) == len(expected):\n",
        TAMPERED,
        PROVEN,
    ),
    _mutant(
        "no receipt too many",
        "receipts.py",
        "    if foreign:\n",
        "    if len(foreign) > 1:\n",
        PROVEN,
    ),
    _mutant(
        "a slice is the plan's",
        "generate_slice.py",
        "    if planned != task.slice:\n",
        "    if planned is None:\n",
        f"{TESTS}test_generate_slice.py",
    ),
    _RECEIPT_BEFORE_PARTS,
    _mutant(
        "everything is prepared before anything is completed",
        "join.py",
        "        prepared = [(join, stack.enter_context(_prepared(bucket, join, joints))) "
        "for join in joins]\n",
        "        prepared = ((join, stack.enter_context(_prepared(bucket, join, joints))) "
        "for join in joins)\n",
        JOINED,
    ),
    _mutant(
        "an upload that failed is aborted",
        "multipart.py",
        "        if self._open:\n",
        "        if self._open and type_ is None:\n",
        PUBLISHED,
    ),
    _mutant(
        "the checksum at Complete",
        "multipart.py",
        '            request["ChecksumCRC32"] = crc32.to_base64(checksum)\n        if only_new',
        "            pass\n        if only_new",
        f"{JOINED}::test_the_object_is_the_concatenation_at_the_sizes_of_s3",
    ),
    _mutant(
        "the size at Complete",
        "multipart.py",
        '            "MpuObjectSize": size,\n',
        "",
        f"{JOINED}::test_the_object_is_the_concatenation_at_the_sizes_of_s3",
    ),
    _mutant(
        "the manifest comes last",
        "concatenate_parts.py",
        "    for key, content_type, body in documents:\n",
        "    for key, content_type, body in reversed(documents):\n",
        f"{TESTS}test_concatenate_parts.py::test_the_manifest_comes_last",
    ),
    _mutant(
        "only_new at Complete",
        "multipart.py",
        '            request["IfNoneMatch"] = "*"\n',
        "            pass\n",
        PUBLISHED,
    ),
    _mutant(
        "only_new of what is put",
        "storage.py",
        '            request["IfNoneMatch"] = "*"\n',
        "            pass\n",
        PUBLISHED,
    ),
    _mutant(
        "a run knows its own objects by its name",
        "publish.py",
        "        if found == (publication.run, publication.size):\n",
        "        if stored and stored.size:\n",
        PUBLISHED,
    ),
    _mutant(
        "a run knows its own objects by their size",
        "publish.py",
        "        if found == (publication.run, publication.size):\n",
        "        if found and found[0] == publication.run:\n",
        TAMPERED,
    ),
    _mutant(
        "Plan refuses an output that exists",
        "plan.py",
        '    if plan.spec.if_exists != "fail":\n',
        "    if plan.spec.if_exists:\n",
        f"{TESTS}test_plan.py",
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
