"""Addresses that Kotlin hands to functions of other files."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind

FETCH = """
    package shop.net
    import okhttp3.OkHttpClient
    import okhttp3.Request
    suspend fun fetch(url: String, client: OkHttpClient): String {
        val request = Request.Builder().url(url).build()
        return client.newCall(request).execute().body!!.string()
    }
    """
MAIN = """
    package %s
    %s
    const val BASE_URL = "https://api.openweathermap.org/v1"
    fun main() { val city = readLine(); println(fetch("$BASE_URL/now?city=$city", client)) }
    """


def called(main: str, fetch: str = FETCH) -> set[str]:
    files = {
        "build.gradle.kts": 'plugins { kotlin("jvm") }\napplication { mainClass.set("shop.MainKt") }',
        "src/main/kotlin/shop/net/Fetch.kt": fetch,
        "src/main/kotlin/shop/Main.kt": main,
    }
    return {edge.target for edge in architecture(files).edges(EdgeKind.CALLS)}


def test_a_function_outside_classes_calls_what_it_is_given() -> None:
    there = {"external:api.openweathermap.org"}
    assert called(MAIN % ("shop", "import shop.net.fetch")) == there
    assert called(MAIN % ("shop.net", "")) == there
    of_class = FETCH.replace("suspend fun", "class Net { suspend fun") + "}"
    assert called(MAIN % ("shop.net", ""), of_class) == set()


def test_a_function_of_that_name_in_another_package_is_another() -> None:
    assert called(MAIN % ("shop", "import shop.files.fetch")) == set()
