using System.Globalization;
using System.Text;

namespace DistTrain.Coordinator.Reports.Markup;

/// <summary>
/// A piece of a page, HTML or SVG. Text is text: whatever it holds, it is escaped when it is written, so that there is no way to put
/// markup into a page but by building elements. What is written is XML as well.
/// </summary>
abstract class Content
{
    public static implicit operator Content(string text) => new Text(text);

    /// <summary>An attribute of the element that it is given to; the name is ours, the value anybody's.</summary>
    public static implicit operator Content((string Name, string Value) attribute) => new Attribute(attribute.Name, attribute.Value);

    /// <summary>An attribute with a number: at most two decimals, invariant.</summary>
    public static implicit operator Content((string Name, double Value) attribute) =>
        new Attribute(attribute.Name, attribute.Value.ToString("0.##", CultureInfo.InvariantCulture));

    public abstract void Write(StringBuilder page);
}

/// <summary>Text, escaped.</summary>
sealed class Text(string text) : Content
{
    public override void Write(StringBuilder page) => Escape(text, page);

    /// <summary>Appends text so that neither HTML nor XML takes any of it for markup, in content or between double quotes.</summary>
    /// <remarks>Characters that XML has no form for, and halves of surrogate pairs, become U+FFFD.</remarks>
    public static void Escape(string text, StringBuilder page)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '&': page.Append("&amp;"); break;
                case '<': page.Append("&lt;"); break;
                case '>': page.Append("&gt;"); break;
                case '"': page.Append("&quot;"); break;
                case '\'': page.Append("&#39;"); break;
                case (< 0x20 and not '\t' and not '\n') or (>= 0x7F and < 0xA0) or 0xFFFE or 0xFFFF: page.Append('\uFFFD'); break;
                default: page.Append(rune); break;
            }
        }
    }
}

/// <summary>An attribute; belongs into the content of an element.</summary>
sealed class Attribute(string name, string value) : Content
{
    public override void Write(StringBuilder page)
    {
        page.Append(' ').Append(name).Append("=\"");
        Text.Escape(value, page);
        page.Append('"');
    }
}

/// <summary>Nodes one after the other, without an element around them.</summary>
sealed class Fragment(params IEnumerable<Content?> content) : Content
{
    public override void Write(StringBuilder page)
    {
        foreach (var node in content) node?.Write(page);
    }
}
