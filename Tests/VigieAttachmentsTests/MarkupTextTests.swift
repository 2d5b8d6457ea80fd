import Testing
import VigieAttachments

@Suite("Rich texts")
struct MarkupTextTests {
  @Test(
    "give their words, however damaged",
    arguments: [
      (
        "<body><p>DIFFUSION <b>RESTREINTE</b></p><p>suite</p></body>", "DIFFUSION RESTREINTE\nsuite"
      ),
      ("a &lt;b&gt; &#233;&#xe9; &amp;c &nope; &", "a <b> éé &c &nope; &"),
      ("<!-- no --><p x=\">\">yes", "yes"), ("", ""), ("<p>un</p", "un</p"),
      ("<p><![CDATA[SECRET]]></p>", "SECRET]]>"),
    ]
  )
  func words(_ markup: String, _ text: String) {
    #expect(MarkupText.text(of: Array(markup.utf8)) == text)
  }
}
