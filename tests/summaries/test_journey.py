"""From the question to the signature, through HTTP and a real worker."""


def test_a_draft_is_asked_for_drafted_and_signed_by_another_person(ask, run_jobs):
    asked, waiting, analyst = ask()
    assert "Waiting for a worker" in waiting.words

    run_jobs()

    draft = analyst.get(asked.path)
    assert "AI draft" in draft.words
    assert "extractive baseline, no language model" in draft.words
    assert "Tomas Ek failed session.started on session 3 times from 198.51.100.7" in draft.words
    assert "This draft waits for a reviewer" in draft.words
    assert {claim.verdict for claim in asked.claims} == {"supported"}

    support = asked.world.as_person("support")
    signed = support.submit(support.get(asked.path), "Approve")
    assert "Approved by Support reviewer of Alder" in signed.words
    assert not signed.has_button("Approve")

    reader = asked.world.as_person("editor")
    assert "Tomas Ek failed session.started on session 3 times" in reader.get(asked.path).words
