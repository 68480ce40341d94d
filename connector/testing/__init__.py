"""For whoever writes the next provider: a conformance suite, and a provider over a world in memory.

class TestAcme(ProviderContract):
    @pytest.fixture
    def bench(self):            # see Bench: connect, change, remove, layout, wishes
        with Sandbox() as sandbox:
            yield AcmeBench(sandbox)
"""

from connector.testing.contract import Bench, ProviderContract
from connector.testing.fake import FakeProvider
from connector.testing.world import World

__all__ = ["Bench", "FakeProvider", "ProviderContract", "World"]
