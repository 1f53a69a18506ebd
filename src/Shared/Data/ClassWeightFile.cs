using System.Collections.Immutable;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Delimited;
using DistTrain.Problems;

namespace DistTrain.Data;

/// <summary>Class weights in the user's words: a CSV file with the columns class and weight. What is not named weighs 1.</summary>
public sealed class ClassWeightFile
{
    /// <summary>Bounds far beyond use, within which no sum loses its digits to a scale that fits the largest weight.</summary>
    const double WeightMin = 1e-9;

    const double WeightMax = 1e9;

    readonly string _file;
    readonly ImmutableArray<NamedNumber> _numbers;
    readonly ImmutableArray<Problem> _problems;

    ClassWeightFile(string file, ImmutableArray<NamedNumber> numbers, ImmutableArray<Problem> problems) =>
        (_file, _numbers, _problems) = (file, numbers, problems);

    /// <exception cref="DistTrainException">The file cannot be read as CSV, or its header is another.</exception>
    public static ClassWeightFile Read(IInputFile file)
    {
        var (numbers, problems) = NamedNumbers.Read(file, "class", "weight");
        return new(file.Name, numbers, problems);
    }

    /// <summary>Everything that is wrong with the file where a dataset has these classes.</summary>
    public IEnumerable<Problem> Problems(ClassList classes) =>
    [
        .. _problems,
        .. _numbers.Where(number => number.Number is < WeightMin or > WeightMax).Select(OutOfRange),
        .. _numbers.Where(number => !classes.Names.Contains(number.Name)).Select(number => Unknown(number, classes)),
    ];

    /// <summary>The weight of each class of a list. Names that it does not have count for nothing.</summary>
    public ImmutableArray<double> WeightsOf(ClassList classes)
    {
        var weights = _numbers.ToDictionary(number => number.Name, number => number.Number, StringComparer.Ordinal);
        return [.. classes.Names.Select(name => weights.GetValueOrDefault(name, 1))];
    }

    Problem OutOfRange(NamedNumber number) => At(
        "DT4605", number, FormattableString.Invariant($"the weight of class \"{number.Name}\" is {number.Number}"),
        "expected: a number from 1e-9 to 1e9");

    Problem Unknown(NamedNumber number, ClassList classes) => At(
        "DT4606", number, $"there is no class \"{number.Name}\"",
        [$"expected: one of {ColumnProblems.Quoted(classes.Names)}", .. Suggestion.DidYouMean(number.Name, classes.Names)]);

    Problem At(string code, NamedNumber number, string message, params string[] details) =>
        new(code, ExitCode.Input, $"{_file}:{number.Line}: {message}", details) { File = _file, Line = number.Line };
}
