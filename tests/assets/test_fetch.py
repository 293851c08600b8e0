from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import filelock
import pytest

from assets import conversion, download
from assets.errors import AssetError
from assets.fetch import fetch_from, path
from assets.manifest import Asset, AssetFile, MadeFrom, Manifest, Package
from assets.sources import Https, Installed, Member, Members, Source
from tests.assets.archives import Server, serving, sha256, tarball, wheel

CONTENT = bytes(range(256)) * 4000
WHEEL = "pkg:pypi/carrier@1.0"
NPM = "pkg:npm/carrier@2.0"
REFUSED = "http://127.0.0.1:9"


@dataclass
class Watcher:
    notes: list[str] = field(default_factory=list)
    steps: list[tuple[str, int, int]] = field(default_factory=list)
    finished: list[tuple[str, str]] = field(default_factory=list)

    def advance(self, asset: str, item: str, done_bytes: int, total_bytes: int) -> None:
        self.steps.append((item, done_bytes, total_bytes))

    def note(self, asset: str, message: str) -> None:
        self.notes.append(message)

    def done(self, asset: str, file: str, source: str) -> None:
        self.finished.append((file, source))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(download, "PAUSES_S", (0.01, 0.01))
    return tmp_path / "cache"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving() as running:
        monkeypatch.setenv("PIP_INDEX_URL", f"{running.address}/simple")
        monkeypatch.setenv("NPM_CONFIG_REGISTRY", running.address)
        yield running


def listing(
    *sources: Source, content: bytes = CONTENT, packages: dict[str, bytes] | None = None
) -> Manifest:
    file = AssetFile(name="f.bin", bytes=len(content), sha256=sha256(content), sources=sources)
    entries = {
        url: Package(archive=archive_name(url), bytes=len(data), sha256=sha256(data), licence="MIT")
        for url, data in (packages or {}).items()
    }
    return manifest_of(asset("thing", file), packages=entries)


def manifest_of(*assets: Asset, packages: dict[str, Package] | None = None) -> Manifest:
    return Manifest.model_validate({"package": packages or {}, "asset": assets})


def asset(name: str, *files: AssetFile) -> Asset:
    words = dict.fromkeys(("purpose", "why", "origin", "licence"), "words")
    return Asset.model_validate({"name": name, "group": "core", "file": files, **words})


def archive_name(url: str) -> str:
    return "carrier-2.0.tgz" if url == NPM else f"{url.split('/')[1].split('@')[0]}-1.0.whl"


def publish(server: Server, name: str, archive: bytes) -> None:
    file = f"{name}-1.0.whl"
    server.files[file] = archive
    links = f'<a href="/other.whl">other.whl</a><a href="/{file}#sha256=0">{file}</a>'
    server.files[f"simple/{name}/"] = f"<html><body>{links}</body></html>".encode()


def test_fetches_from_an_address(cache: Path, server: Server) -> None:
    server.files["f"] = CONTENT
    watcher = Watcher()
    (fetched,) = fetch_from(listing(Https(f"{server.address}/f")), ["thing"], watcher)
    assert fetched.path == cache / "thing" / "f.bin"
    assert fetched.path.read_bytes() == CONTENT
    assert watcher.steps[-1] == ("f", len(CONTENT), len(CONTENT))
    assert watcher.finished == [("f.bin", f"{server.address}/f")]


def test_a_group_stands_for_its_members(cache: Path, server: Server) -> None:
    server.files["f"] = CONTENT
    assert [one.name for one in fetch_from(listing(Https(f"{server.address}/f")), ["core"])] == [
        "thing"
    ]


def test_second_fetch_asks_nobody(cache: Path, server: Server) -> None:
    server.files["f"] = CONTENT
    manifest = listing(Https(f"{server.address}/f"))
    fetch_from(manifest, ["thing"])
    (again,) = fetch_from(manifest, ["thing"])
    assert again.sources == {"f.bin": "cache"}
    assert server.times_asked("f") == 1


def test_resumes_after_the_connection_was_cut(cache: Path, server: Server) -> None:
    server.files["f"] = CONTENT
    server.cuts["f"] = 2
    (fetched,) = fetch_from(listing(Https(f"{server.address}/f")), ["thing"])
    assert fetched.path.read_bytes() == CONTENT
    ranges = [wanted for name, wanted in server.asked if name == "/f"]
    assert ranges == ["", f"bytes={len(CONTENT) // 2}-", f"bytes={len(CONTENT) // 4 * 3}-"]


def test_resumes_in_a_later_run(cache: Path, server: Server) -> None:
    server.files["f"] = CONTENT
    server.cuts["f"] = 1
    server.busy["f"] = 0
    part = cache / "downloads" / f"{sha256(CONTENT)}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(CONTENT[:1000])
    fetch_from(listing(Https(f"{server.address}/f")), ["thing"])
    assert server.asked[0] == ("/f", "bytes=1000-")


def test_waits_for_a_busy_server(cache: Path, server: Server) -> None:
    server.files["f"] = CONTENT
    server.busy["f"] = 2
    (fetched,) = fetch_from(listing(Https(f"{server.address}/f")), ["thing"])
    assert fetched.path.read_bytes() == CONTENT
    assert server.times_asked("f") == 3


def test_gives_up_on_a_server_that_stays_busy(cache: Path, server: Server) -> None:
    server.files["f"] = CONTENT
    server.busy["f"] = 99
    with pytest.raises(AssetError) as error:
        fetch_from(listing(Https(f"{server.address}/f")), ["thing"])
    assert error.value.code == "no-source"
    assert server.times_asked("f") == 1 + len(download.PAUSES_S)


def test_falls_through_to_the_next_source(cache: Path, server: Server) -> None:
    publish(server, "carrier", wheel({"a/f.bin": CONTENT}))
    server.files["wrong"] = CONTENT[::-1]
    manifest = listing(
        Https(f"{REFUSED}/f"),
        Https(f"{server.address}/absent"),
        Https(f"{server.address}/wrong"),
        Members((Member(WHEEL, "a/f.bin"),)),
        packages={WHEEL: server.files["carrier-1.0.whl"]},
    )
    watcher = Watcher()
    (fetched,) = fetch_from(manifest, ["thing"], watcher)
    assert fetched.path.read_bytes() == CONTENT
    assert fetched.sources == {"f.bin": WHEEL}
    reasons = ("not reachable", "404", "other bytes")
    assert len(watcher.notes) == len(reasons)
    assert all(reason in note for reason, note in zip(reasons, watcher.notes, strict=True))


def test_joins_members_of_several_archives_in_order(cache: Path, server: Server) -> None:
    urls = [f"pkg:pypi/part{number}@1.0" for number in (1, 2)]
    publish(server, "part1", wheel({"x/1": CONTENT[:700]}))
    publish(server, "part2", wheel({"x/2": CONTENT[700:]}))
    manifest = listing(
        Members((Member(urls[0], "x/1"), Member(urls[1], "x/2"))),
        packages={url: server.files[archive_name(url)] for url in urls},
    )
    (fetched,) = fetch_from(manifest, ["thing"])
    assert fetched.path.read_bytes() == CONTENT
    assert list((cache / "downloads").iterdir()) == []


@pytest.fixture
def in_pieces(server: Server) -> Manifest:
    """A file of a zip that two packages carry half each."""
    urls = [f"pkg:pypi/part{number}@1.0" for number in (1, 2)]
    joined = wheel({"folder/other": b"no", "folder/f.bin": CONTENT})
    publish(server, "part1", wheel({"x/1": joined[:700]}))
    publish(server, "part2", wheel({"x/2": joined[700:]}))
    return listing(
        Members((Member(urls[0], "x/1"), Member(urls[1], "x/2")), "folder/f.bin"),
        packages={url: server.files[archive_name(url)] for url in urls},
    )


def test_takes_a_member_of_a_zip_that_packages_carry_in_pieces(
    cache: Path, in_pieces: Manifest
) -> None:
    (fetched,) = fetch_from(in_pieces, ["thing"])
    assert fetched.path.read_bytes() == CONTENT
    assert list((cache / "downloads").iterdir()) == []


def test_a_piece_that_was_cut_off_is_continued(
    cache: Path, server: Server, in_pieces: Manifest
) -> None:
    server.cuts["part2-1.0.whl"] = 1
    fetch_from(in_pieces, ["thing"])
    assert [wanted for name, wanted in server.asked if name == "/part1-1.0.whl"] == [""]
    whole = len(server.files["part2-1.0.whl"])
    assert [wanted for name, wanted in server.asked if name == "/part2-1.0.whl"] == [
        "",
        f"bytes={whole // 2}-",
    ]


def test_pieces_of_a_zip_without_the_file_are_no_source(cache: Path, in_pieces: Manifest) -> None:
    (file,) = in_pieces.asset("thing").files
    (source,) = file.sources
    assert isinstance(source, Members)
    other = file.model_copy(update={"sources": (Members(source.parts, "folder/none"),)})
    with pytest.raises(AssetError, match="folder/none") as error:
        fetch_from(manifest_of(asset("thing", other), packages=in_pieces.packages), ["thing"])
    assert error.value.code == "no-source"
    assert not [kept for kept in (cache / "downloads").iterdir() if kept.suffix == ".zip"]


def reversed_file(source: Path, target: Path) -> None:
    target.write_bytes(source.read_bytes()[::-1])


def made_of(content: bytes, made: bytes, url: str) -> Manifest:
    """A file that is made from another one by turning it round."""
    made_from = MadeFrom(conversion="reverse", bytes=len(content), sha256=sha256(content))
    file = AssetFile(
        name="f.bin",
        bytes=len(made),
        sha256=sha256(made),
        sources=(Https(url),),
        made_from=made_from,
    )
    return manifest_of(asset("thing", file))


@pytest.fixture
def reversing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "CONVERSIONS", {"reverse": reversed_file})


@pytest.mark.usefixtures("reversing")
def test_a_file_is_made_from_what_is_delivered(cache: Path, server: Server) -> None:
    server.files["f"] = CONTENT
    watcher = Watcher()
    manifest = made_of(CONTENT, CONTENT[::-1], f"{server.address}/f")
    (fetched,) = fetch_from(manifest, ["thing"], watcher)
    assert fetched.path.read_bytes() == CONTENT[::-1]
    assert watcher.notes == ["making f.bin from what was delivered"]
    assert list((cache / "downloads").iterdir()) == [], "what it was made from is not kept"
    (again,) = fetch_from(manifest, ["thing"])
    assert again.sources == {"f.bin": "cache"}


@pytest.mark.usefixtures("reversing")
def test_what_was_made_differently_is_not_used(cache: Path, server: Server) -> None:
    server.files["f"] = CONTENT
    with pytest.raises(AssetError, match=r"constraints\.txt") as error:
        fetch_from(made_of(CONTENT, CONTENT[1:], f"{server.address}/f"), ["thing"])
    assert error.value.code == "sha256-mismatch"
    assert list((cache / "downloads").iterdir()) == []
    assert not (cache / "thing").exists()


def test_takes_a_member_of_an_npm_package(cache: Path, server: Server) -> None:
    archive = tarball({"package/other": b"no", "package/f.bin": CONTENT})
    server.files["carrier.tgz"] = archive
    tarball_url = f"{server.address}/carrier.tgz"
    server.files["carrier/2.0"] = f'{{"dist": {{"tarball": "{tarball_url}"}}}}'.encode()
    manifest = listing(Members((Member(NPM, "package/f.bin"),)), packages={NPM: archive})
    (fetched,) = fetch_from(manifest, ["thing"])
    assert fetched.path.read_bytes() == CONTENT


@pytest.mark.parametrize("make", [wheel, tarball])
def test_a_missing_member_is_no_source(cache: Path, server: Server, make: object) -> None:
    assert callable(make)
    archive = make({"a/else": CONTENT})
    publish(server, "carrier", archive)
    manifest = listing(Members((Member(WHEEL, "a/f.bin"),)), packages={WHEEL: archive})
    with pytest.raises(AssetError, match=r"carrier|a/f\.bin") as error:
        fetch_from(manifest, ["thing"])
    assert error.value.code == "no-source"


def test_a_cut_archive_is_no_source(cache: Path, server: Server) -> None:
    archive = tarball({"a/f.bin": os.urandom(50_000)})[:20_000]
    publish(server, "carrier", archive)
    manifest = listing(Members((Member(WHEEL, "a/f.bin"),)), packages={WHEEL: archive})
    with pytest.raises(AssetError) as error:
        fetch_from(manifest, ["thing"])
    assert error.value.code == "no-source"
    assert not (cache / "thing" / "f.bin").exists()


def test_an_archive_serves_several_assets_with_one_download(cache: Path, server: Server) -> None:
    archive = wheel({"a": CONTENT, "b": CONTENT[::-1]})
    publish(server, "carrier", archive)
    package = Package(
        archive="carrier-1.0.whl", bytes=len(archive), sha256=sha256(archive), licence="MIT"
    )
    assets = tuple(
        asset(
            name,
            AssetFile(
                name="f.bin",
                bytes=len(data),
                sha256=sha256(data),
                sources=(Members((Member(WHEEL, name),)),),
            ),
        )
        for name, data in (("a", CONTENT), ("b", CONTENT[::-1]))
    )
    fetch_from(manifest_of(*assets, packages={WHEEL: package}), ["a", "b"])
    assert server.times_asked("carrier-1.0.whl") == 1
    assert list((cache / "downloads").iterdir()) == []


def test_takes_a_file_of_an_installed_package_without_importing_it(cache: Path) -> None:
    carried = Path(pytest.__file__).read_bytes()
    (fetched,) = fetch_from(listing(Installed("pytest", "__init__.py"), content=carried), ["thing"])
    assert fetched.path.read_bytes() == carried


def test_wrong_bytes_are_never_kept(cache: Path, server: Server) -> None:
    server.files["f"] = CONTENT[::-1]
    with pytest.raises(AssetError) as error:
        fetch_from(listing(Https(f"{server.address}/f")), ["thing"])
    assert error.value.code == "sha256-mismatch"
    assert list((cache / "downloads").iterdir()) == []
    assert not (cache / "thing").exists()


def test_a_longer_answer_is_broken_off(cache: Path, server: Server) -> None:
    server.files["f"] = CONTENT * 8
    with pytest.raises(AssetError) as error:
        fetch_from(listing(Https(f"{server.address}/f")), ["thing"])
    assert error.value.code == "sha256-mismatch"


def test_offline_says_so(cache: Path) -> None:
    with pytest.raises(AssetError, match="connect to the network") as error:
        fetch_from(listing(Https(f"{REFUSED}/f"), Https(f"{REFUSED}/g")), ["thing"])
    assert error.value.code == "offline"


def test_unknown_names_are_refused(cache: Path) -> None:
    with pytest.raises(AssetError, match="nonsense") as error:
        fetch_from(listing(Https(f"{REFUSED}/f")), ["nonsense"])
    assert error.value.code == "unknown-asset"


def test_a_full_disk_is_explained(cache: Path, server: Server) -> None:
    server.files["f"] = CONTENT
    part = cache / "downloads" / f"{sha256(CONTENT)}.part"
    part.parent.mkdir(parents=True)
    part.symlink_to("/dev/full")
    with pytest.raises(AssetError, match="ATTUNE_CACHE") as error:
        fetch_from(listing(Https(f"{server.address}/f")), ["thing"])
    assert error.value.code == "disk-full"


def test_what_cannot_fit_is_not_begun(cache: Path, server: Server) -> None:
    file = AssetFile(
        name="f.bin",
        bytes=1 << 60,
        sha256=sha256(b""),
        sources=(Https(f"{server.address}/f"),),
    )
    with pytest.raises(AssetError) as error:
        fetch_from(manifest_of(asset("thing", file)), ["thing"])
    assert error.value.code == "disk-full"
    assert server.asked == []


def test_a_cache_that_cannot_be_written_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path / "file"))
    with pytest.raises(AssetError, match="ATTUNE_CACHE") as error:
        fetch_from(listing(Https(f"{REFUSED}/f")), ["thing"])
    assert error.value.code == "cache-not-writable"


def test_a_changed_file_is_fetched_again(cache: Path, server: Server) -> None:
    server.files["f"] = CONTENT
    manifest = listing(Https(f"{server.address}/f"))
    (fetched,) = fetch_from(manifest, ["thing"])
    fetched.path.write_bytes(b"tampered")
    (again,) = fetch_from(manifest, ["thing"])
    assert again.path.read_bytes() == CONTENT


def test_a_second_fetch_waits_for_the_first(cache: Path, server: Server) -> None:
    server.files["f"] = CONTENT
    cache.mkdir()
    first = filelock.FileLock(cache / "fetch.lock")
    watcher = Watcher()
    second = threading.Thread(
        target=fetch_from, args=(listing(Https(f"{server.address}/f")), ["thing"], watcher)
    )
    with first:
        second.start()
        second.join(timeout=0.3)
        assert second.is_alive()
        assert server.asked == []
    second.join(timeout=10)
    assert watcher.notes == ["another fetch is running; waiting for it to end"]
    assert watcher.finished


class TestPath:
    def test_absent_names_the_command(self, cache: Path) -> None:
        with pytest.raises(AssetError, match="attune assets fetch silero-vad") as error:
            path("silero-vad")
        assert error.value.code == "not-fetched"

    def test_unknown(self, cache: Path) -> None:
        with pytest.raises(AssetError) as error:
            path("nonsense")
        assert error.value.code == "unknown-asset"

    def test_refuses_other_bytes(self, cache: Path) -> None:
        file = cache / "silero-vad" / "silero-vad.onnx"
        file.parent.mkdir(parents=True)
        file.write_bytes(b"not a network")
        with pytest.raises(AssetError, match=r"silero-vad\.onnx") as error:
            path("silero-vad")
        assert error.value.code == "sha256-mismatch"
