-- One utterance with a context and a fact drawn from it, an hour before the test day begins.
INSERT INTO recordings VALUES (1, 'recording:/old', 1699996440000000000, 1699996440000000002);
INSERT INTO people (id, name, is_name_given, is_wearer) VALUES (1, '', 0, 0);
INSERT INTO utterances (id, recording_id, person_id, start_ns, end_ns, text, is_wearer,
    confidence, voice_confidence)
VALUES (1, 1, 1, 1699996440000000000, 1699996440000000001, 'Hello there. I keep bees.', 0, 0.9, 0.9);
INSERT INTO contexts VALUES (1, 1699996440000000000, 1699996500000000000, 'Someone 1 said: "Hello there."', 0.0);
INSERT INTO facts (id, subject_id, said_by_id, statement, is_quote, t_ns, confidence,
    valid_from_ns)
VALUES (1, 1, 1, 'I keep bees.', 1, 1699996440000000000, 0.9, 1699996440000000000);
INSERT INTO sources VALUES (1, 'context', 1, 'utterance', 1), (2, 'fact', 1, 'utterance', 1);
INSERT INTO documents (id, kind, row_id, start_ns, end_ns, text, revision)
VALUES (1, 'context', 1, 1699996440000000000, 1699996500000000000, 'Someone 1 said: "Hello there."', 1),
    (2, 'fact', 1, 1699996440000000000, 1699996440000000001, 'Someone 1 said: "I keep bees."', 2);
INSERT INTO document_sources VALUES (1, 'utterance', 1), (2, 'utterance', 1);
UPDATE revision SET value = 2;
