using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace DistTrain.Cli.Tests.Reports;

/// <summary>A page as a parser sees it.</summary>
static class PageText
{
    static readonly string[] Lines = ["h1", "h2", "h3", "p", "li", "dt", "dd", "summary", "figcaption", "code", "a"];

    /// <summary>The page, read as XML: stricter than any browser.</summary>
    public static XElement Parse(string page)
    {
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader).Root!;
    }

    /// <summary>What is read in it: a line for each piece of text, cells between bars, pictures by their text alternative.</summary>
    public static string Of(XElement page)
    {
        var text = new StringBuilder();
        Write(page.Element("body")!, text);
        return text.ToString();
    }

    static void Write(XElement element, StringBuilder text)
    {
        var name = element.Name.LocalName;
        if (name == "tr") text.Append(string.Join(" | ", element.Elements().Select(CellText).Where(cell => cell.Length > 0))).Append('\n');
        else if (name == "svg") text.Append($"[{element.Attribute("aria-label")?.Value}]\n");
        else if (Lines.Contains(name))
            text.Append($"{(name[0] == 'h' ? "\n" + new string('#', name[1] - '0') + " " : "")}{element.Value}\n");
        else foreach (var child in element.Elements()) Write(child, text);
    }

    /// <summary>The second line of a cell in brackets; bars say nothing.</summary>
    static string CellText(XElement cell) => string.Concat(cell.Nodes().Select(node => node switch
    {
        XElement { Name.LocalName: "small" } small => $" ({small.Value})",
        XElement { Name.LocalName: "svg" } => "",
        XElement element => element.Value,
        _ => node.ToString(),
    })).Trim();
}
