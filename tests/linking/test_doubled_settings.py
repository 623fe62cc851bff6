"""Settings that name each other many times over: each is looked up in the files once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.linking.system import architecture

from scaleaudit.linking.resolution.setting_values import SettingValues

if TYPE_CHECKING:
    import pytest

    from scaleaudit.facts import SettingDefined
    from scaleaudit.linking.components.component import Component

COUNT = 12


def test_a_key_is_looked_up_in_the_files_once_for_each_place_that_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    look_up = SettingValues.rank

    def counted(
        self: SettingValues, path: str, setting: SettingDefined, component: Component | None
    ) -> tuple[int, bool]:
        asked.append(setting.key)
        return look_up(self, path, setting, component)

    monkeypatch.setattr(SettingValues, "rank", counted)
    doubled = "".join(f"V{i}=$V{i - 1}${{V{i - 1}}}\n" for i in range(1, COUNT))
    architecture(
        {
            "package.json": '{"scripts": {"start": "node index.js"}, "dependencies": {"axios": "1"}}',
            ".env": f"V0=http://orders\n{doubled}",
            "index.js": f"""\
                const axios = require("axios")
                axios.get(process.env.V{COUNT - 1})
                """,
        }
    )
    assert set(asked) == {f"V{i}" for i in range(COUNT)}
    assert len(asked) <= 3 * COUNT  # from the program, from the file of settings, by the rules
