using System.Collections.Immutable;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;
using DistTrain.Learning;
using DistTrain.Problems;

namespace DistTrain.Data;

/// <summary>Class weights as a user writes them: CSV with the header <c>class,weight</c>; a class that is not named weighs 1.</summary>
public sealed class ClassWeightFile
{
    /// <summary>Bounds far beyond use, within which no sum loses its digits to a scale that fits the largest.</summary>
    const double WeightMin = 1e-9;

    const double WeightMax = 1e9;

    readonly string _name;
    readonly ImmutableArray<NamedNumber> _weights;

    ClassWeightFile(string name, ImmutableArray<NamedNumber> weights) => (_name, _weights) = (name, weights);

    /// <exception cref="DistTrainException">DT4601 to DT4604: what is wrong with the file, and where.</exception>
    public static ClassWeightFile Read(IInputFile file) => new(
        file.Name,
        NamedNumberFile.Read(file, "class", "weight", weight => weight is >= WeightMin and <= WeightMax, "a number from 1e-9 to 1e9"));

    /// <summary>The weights in the order of a class list.</summary>
    /// <exception cref="DistTrainException">DT4605: a class that the list has not.</exception>
    public ClassWeighting For(ClassList classes)
    {
        var weights = Enumerable.Repeat(1.0, classes.Count).ToArray();
        foreach (var (name, weight, line) in _weights)
        {
            var place = classes.Names.IndexOf(name);
            if (place < 0) throw NamedNumberProblems.Unknown(_name, line, "class", name, classes.Names).AsException();
            weights[place] = weight;
        }
        return ClassWeighting.Given([.. weights]);
    }
}
