using System.Globalization;
using DistTrain.Compare.MlNet;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

// Usage: CompareMlNet FILE MODEL --classes K --features D --l2 F --tolerance F --rows N
var options = args.Skip(2).Chunk(2).ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture));
var (classCount, featureCount) = ((int)options["--classes"], (int)options["--features"]);

var context = new MLContext(seed: 1);
var trainer = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
{
    L1Regularization = 0,
    L2Regularization = (float)(options["--l2"] * options["--rows"]), // It adds λ/2 ‖W‖² to the sum over the rows.
    OptimizationTolerance = (float)options["--tolerance"],
    HistorySize = 10,
    MaximumNumberOfIterations = 2000,
    NumberOfThreads = 2,
});

var model = trainer.Fit(Input.Read(context, args[0], classCount, featureCount)).Model;

VBuffer<float>[] weights = [];
model.GetWeights(ref weights, out _);
ModelFile.Write(args[1], [.. weights.Select(row => row.DenseValues().ToArray())], [.. model.GetBiases()]);
