using System.Collections.Immutable;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Reports;

/// <summary>The classes that a table has room for: all in their order, or the heaviest.</summary>
/// <param name="Numbers">Places in the class list.</param>
/// <param name="LeftOut">How many have no room.</param>
sealed record ShownClasses(ImmutableArray<int> Numbers, int LeftOut)
{
    public static ShownClasses Of(ReportData data, int countMax) => Of(data, Enumerable.Range(0, data.ClassCount), countMax);

    /// <summary>Of some classes only.</summary>
    public static ShownClasses Of(ReportData data, IEnumerable<int> classes, int countMax)
    {
        var numbers = classes.ToImmutableArray();
        if (numbers.Length <= countMax) return new(numbers, 0);
        var support = data.Judged.PerClass;
        var heaviest = numbers
            .OrderByDescending(k => support[k].Support).ThenByDescending(k => data.Model.TrainingClassWeights[k]).ThenBy(k => k);
        return new([.. heaviest.Take(countMax)], numbers.Length - countMax);
    }

    /// <summary>A sentence about those left out, to go behind others; empty where there are none.</summary>
    /// <param name="where">Where all of them are.</param>
    public string Rest(string where) => LeftOut == 0 ? ""
        : $" Shown are the {Figures.Count(Numbers.Length)} heaviest classes; {Figures.Count(LeftOut)} more are left out: {where} has all.";
}
