using DistTrain.Cli.Output;
using DistTrain.Cli.Reports.Markup;

namespace DistTrain.Cli.Reports.Sections;

/// <summary>Which class is taken for which: the whole matrix where it is small, the heaviest mistakes of any.</summary>
static class ConfusionSection
{
    const int MatrixClassesMax = 20;
    const int MistakesMax = 20;

    /// <summary>Up to so many classes the matrix says all at a glance.</summary>
    const int PlainClassesMax = 5;

    public static Element Of(ReportData data) => new("section", ("id", "confusion"),
        new Element("h2", data.IsHeldOut ? "Confusion, on the rows held out" : "Confusion, on the training rows"),
        data.ClassCount <= MatrixClassesMax ? Matrix(data) : null,
        data.ClassCount > PlainClassesMax ? Mistakes(data) : null);

    static Fragment Matrix(ReportData data)
    {
        var classes = Enumerable.Range(0, data.ClassCount);
        return new(
            new Element("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Confusion matrix"),
                new Element("table", ("class", "matrix"),
                    new Element("thead",
                        new Element("tr",
                            new Element("th", ("scope", "col"), "observed"),
                            new Element("th", ("scope", "colgroup"), ("colspan", data.ClassCount), "label given")),
                        new Element("tr", [new Element("td"), .. classes.Select(j => Cells.NumberName(data.NameOf(j)))])),
                    new Element("tbody", classes.Select(i => Row(data, i))))),
            Cells.Note("Weight of the rows of each observed class (down) by the label they were given (across). A cell is the darker, the larger its share of its row, which is written below."));
    }

    static Element Row(ReportData data, int i)
    {
        var (confusion, support) = (data.Judged.Confusion, data.Judged.PerClass[i].Support);
        return Cells.Row([Cells.Name(data.NameOf(i)), .. Enumerable.Range(0, data.ClassCount).Select(j => Cell(confusion[i, j], support))]);
    }

    static Element Cell(double weight, double support)
    {
        var share = support > 0 ? weight / support : 0;
        return new("td", ("class", $"n h{Math.Round(10 * share)}"),
            Figures.Weight(weight), new Element("small", Figures.Percent(share)));
    }

    static Fragment? Mistakes(ReportData data)
    {
        var mistakes = HeaviestMistakes(data);
        if (mistakes.Count == 0) return null;
        var all = data.Judged.WeightSum * (1 - data.Judged.Accuracy);
        var rows = mistakes.Take(MistakesMax).Select(mistake => Cells.Row(
            Cells.Name(data.NameOf(mistake.Observed)), Cells.Name(data.NameOf(mistake.Given)), Cells.Number(Figures.Weight(mistake.Weight)),
            Cells.Number(Figures.Percent(mistake.Weight / data.Judged.PerClass[mistake.Observed].Support)), Cells.Number(Figures.Percent(mistake.Weight / all))));
        var rest = mistakes.Count > MistakesMax
            ? $"{Figures.Count(mistakes.Count - MistakesMax)} more pairs are left out: disttrain evaluate {data.Run} INPUT --json has all."
            : null;
        return new(
            new Element("h3", "The heaviest mistakes"),
            Cells.Table("Pairs of observed class and wrong label, by weight",
                [Cells.Heading("observed"), Cells.Heading("label given"), Cells.NumberHeading("weight"), Cells.NumberHeading("of the class"), Cells.NumberHeading("of all mistakes")],
                rows),
            rest is null ? null : Cells.Note(rest));
    }

    static List<(int Observed, int Given, double Weight)> HeaviestMistakes(ReportData data)
    {
        var (confusion, count) = (data.Judged.Confusion, data.ClassCount);
        var mistakes = new List<(int Observed, int Given, double Weight)>();
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                if (i != j && confusion[i, j] > 0) mistakes.Add((i, j, confusion[i, j]));
            }
        }
        return [.. mistakes.OrderByDescending(mistake => mistake.Weight)];
    }
}
