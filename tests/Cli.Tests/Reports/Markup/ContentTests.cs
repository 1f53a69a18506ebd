using System.Text;
using DistTrain.Coordinator.Reports.Markup;

namespace DistTrain.Cli.Tests.Reports.Markup;

public sealed class ContentTests
{
    [Theory]
    [InlineData("plain ä ∂ 𝄞", "plain ä ∂ 𝄞")]
    [InlineData("<b> & \"c\" 'd'", "&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;")]
    [InlineData("&lt;", "&amp;lt;")]
    [InlineData("\u0000\u001b\u007f\u0085\uffff", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD")]
    [InlineData("a\tb\nc", "a\tb\nc")]
    [InlineData("", "")]
    public void Text_is_escaped_in_content_and_in_attributes(string text, string escaped)
    {
        Assert.Equal($"<td>{escaped}</td>", Written(new Element("td", text)));
        Assert.Equal($"<td title=\"{escaped}\"></td>", Written(new Element("td", ("title", text))));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_replaced() => Assert.Equal("<b>\uFFFDx</b>", Written(new Element("b", "\ud800x")));

    [Fact]
    public void Attributes_come_first_and_what_is_not_there_is_left_out() =>
        Assert.Equal("<b id=\"x\" y=\"1.5\">ab<i></i></b>", Written(new Element("b", ("id", "x"), "a", null, ("y", 1.5), new Fragment("b", new Element("i")))));

    [Theory, InlineData(0.126, "0.13"), InlineData(-3, "-3"), InlineData(1e-9, "0"), InlineData(123456.789, "123456.79")]
    public void Numbers_have_two_decimals_at_most(double number, string text) =>
        Assert.Equal($"<i x=\"{text}\"></i>", Written(new Element("i", ("x", number))));

    [Fact]
    public void An_element_without_content_in_html_has_no_end_tag() =>
        Assert.Equal("a<wbr/>b", Written(new Fragment("a", new Element("wbr"), "b")));

    [Fact]
    public void A_long_name_may_be_broken_after_what_separates_its_parts() =>
        Assert.Equal(
            "<th scope=\"row\" class=\"name\"><span>favourite_<wbr/>genre=<wbr/>sci/<wbr/>fi</span></th>", Written(Cells.Name("favourite_genre=sci/fi")));

    static string Written(Content content)
    {
        var page = new StringBuilder();
        content.Write(page);
        return page.ToString();
    }
}
