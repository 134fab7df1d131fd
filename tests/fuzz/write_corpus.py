"""Write the fuzzer's seeds into corpus/: small synthetic files of every form that is read. `python write_corpus.py`"""

import json
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import blink_form  # noqa: E402
import harness_form as harness  # noqa: E402
import plain_form as plain  # noqa: E402
import spatialrgpt_form  # noqa: E402
import vlm4d_form  # noqa: E402


def seeds(folder: Path) -> dict[str, Path]:
    judged = spatialrgpt_form.judged(3)
    lengths = spatialrgpt_form.predicted(spatialrgpt_form.judged(3, categories=spatialrgpt_form.LENGTHS))
    header = {"spacelib_records": 1, "model": "m", "benchmark": "b", "letters_shuffled": "by lot", "notes": ["n"]}
    predicted = harness.predictions(harness.vsibench(4), scored=True)
    answer = {"item": 1, "options": '["x", "y"]', "gold": "B", "prediction": "=B"}
    (folder / "list.json").write_text(json.dumps(plain.NUMBERS, indent=1))
    return {
        "vlm4d": vlm4d_form.write(folder, *vlm4d_form.synthetic(items=4, scenes=2), name="v.json")[0],
        "blink": blink_form.write(folder, blink_form.synthetic(items=2)),
        "judged": spatialrgpt_form.write(folder, judged, "judged.jsonl"),
        "predicted": spatialrgpt_form.write(folder, lengths, "predicted.jsonl"),
        "asked": spatialrgpt_form.write(folder, spatialrgpt_form.questions(judged), "asked.jsonl"),
        "plain_lines": plain.write_lines(folder, plain.CHOICES, header),
        "plain_texts": plain.write_lines(folder, plain.TEXTS, name="texts.jsonl"),
        "plain_vectors": plain.write_lines(folder, plain.VECTORS, name="vectors.jsonl"),
        "plain_list": folder / "list.json",
        "plain_csv": plain.write_csv(folder, plain.CHOICES),
        "plain_tsv": plain.write_csv(folder, plain.NUMBERS, "n.tsv", "\t"),
        "plain_xlsx": harness.write_predictions(folder, [answer], "p.xlsx"),
        "lmms_current": harness.write_samples(folder, harness.current(harness.vsibench(4))),
        "lmms_older": harness.write_samples(folder, harness.older(harness.vsibench(4)), "o"),
        "lmms_blink": harness.write_samples(folder, harness.lettered(2), "b"),
        "lmms_cv_bench": harness.write_samples(folder, harness.lettered(2, "CV-Bench"), "c"),
        "vlmevalkit_tsv": harness.write_predictions(folder, predicted, "kit.tsv"),
        "vlmevalkit_json": harness.write_predictions(folder, predicted, "kit.json"),
        "vlmevalkit_xlsx": harness.write_predictions(folder, predicted[:2], "v.xlsx"),
        "vlmevalkit_letters": harness.write_predictions(folder, harness.multiple_choice(3), "l.tsv"),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = {name: path.read_bytes() for name, path in seeds(Path(folder)).items()}
    for name, content in found.items():
        (HERE / "corpus" / name).write_bytes(content)


if __name__ == "__main__":
    main()
