using DistTrain.Coordinator.Reports.Markup;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Reports.Sections;

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
        var classes = Enumerable.Range(0, data.ClassCount).ToList();
        return new(
            Cells.Scrolling("Confusion matrix", new Element("table", ("class", "matrix"),
                new Element("thead",
                    new Element("tr",
                        Cells.Heading("observed"),
                        new Element("th", ("scope", "colgroup"), ("colspan", classes.Count), "label given")),
                    new Element("tr", [new Element("td"), .. classes.Select(j => Cells.NumberName(data.NameOf(j)))])),
                new Element("tbody", classes.Select(i => Row(data, i, classes))))),
            Cells.Note(
                "Weight of the rows of each observed class (down) by the label they were given (across). " +
                "A cell is the darker, the larger its share of its row, which is written below."));
    }

    static Element Row(ReportData data, int i, IEnumerable<int> classes)
    {
        var (confusion, support) = (data.Judged.Confusion, data.Judged.PerClass[i].Support);
        return new("tr", [Cells.Name(data.NameOf(i)), .. classes.Select(j => Cell(confusion[i, j], support))]);
    }

    static Element Cell(double weight, double support)
    {
        var share = support > 0 ? weight / support : 0;
        return new("td", ("class", $"n h{Math.Round(10 * share)}"), Figures.Weight(weight), new Element("small", Figures.Percent(share)));
    }

    static Fragment? Mistakes(ReportData data)
    {
        var mistakes = HeaviestMistakes(data);
        if (mistakes.Count == 0) return null;
        var all = mistakes.Sum(mistake => mistake.Weight);
        var leftOut = mistakes.Count - MistakesMax;
        return new(
            new Element("h3", "The heaviest mistakes"),
            new Table<Mistake>("Pairs of observed class and wrong label, by weight", mistakes.Take(MistakesMax))
                .Name("observed", mistake => data.NameOf(mistake.Observed))
                .Name("label given", mistake => data.NameOf(mistake.Given))
                .Number("weight", mistake => Figures.Weight(mistake.Weight))
                .Number("of the class", mistake => Figures.Percent(mistake.Weight / data.Judged.PerClass[mistake.Observed].Support))
                .Number("of all mistakes", mistake => Figures.Percent(mistake.Weight / all)),
            leftOut <= 0 ? null
                : Cells.Note($"{Figures.Count(leftOut)} more pairs are left out: disttrain evaluate {data.Run} INPUT --json has all."));
    }

    static List<Mistake> HeaviestMistakes(ReportData data)
    {
        var (confusion, count) = (data.Judged.Confusion, data.ClassCount);
        var mistakes = new List<Mistake>();
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                if (i != j && confusion[i, j] > 0) mistakes.Add(new(i, j, confusion[i, j]));
            }
        }
        return [.. mistakes.OrderByDescending(mistake => mistake.Weight)];
    }

    readonly record struct Mistake(int Observed, int Given, double Weight);
}
