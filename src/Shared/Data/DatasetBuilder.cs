using DistTrain.Data.Preparation;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;
using DistTrain.Numerics;
using DistTrain.Problems;

namespace DistTrain.Data;

/// <summary>From tables to datasets: to train on, or to be judged by a trained model.</summary>
public static class DatasetBuilder
{
    /// <summary>Learns schema and classes from the input, and cuts its rows into shards in a seeded order.</summary>
    /// <param name="validation">Rows to validate on, encoded as <paramref name="training"/> is; null: a share of that is held out.</param>
    /// <param name="fold">
    /// In cross-validation, the fold of the training rows that validates in
    /// place of what is held out; without <paramref name="validation"/>.
    /// </param>
    /// <param name="parallel">Runs its pieces; null: one after the other. The dataset is the same.</param>
    /// <exception cref="DistTrainException">The options or the input cannot work (exit codes 3, 4).</exception>
    public static Dataset Build(
        Table training, Table? validation, DatasetOptions options, Fold? fold = null, IParallelFor? parallel = null) =>
        Plan(training, validation, options, fold).Assemble(parallel);

    /// <summary>The same without making room for the rows, so that one can ask before whether there is any.</summary>
    public static DatasetPlan Plan(Table training, Table? validation, DatasetOptions options, Fold? fold = null)
    {
        if (options.Problems().FirstOrDefault() is { } problem) throw problem.AsException();
        if (training.RowCount == 0) throw DatasetProblems.NoRows(training).AsException();

        var split = RowSplit.Of(training.RowCount, validation is null ? options.ValidationFraction : 0, options.Seed);
        if (fold is { } one) split = split.Of(one, options.Seed);
        if (split.Training.Length == 0) throw DatasetProblems.NothingToTrainOn(options.ValidationFraction).AsException();
        return DatasetPlan.Of(training, validation, split, options);
    }

    /// <summary>Why the training rows cannot be divided into so many folds.</summary>
    /// <param name="classes">Of the dataset built with the same options, of whose active classes none may lie in one fold alone.</param>
    public static IEnumerable<Problem> ProblemsOfFolds(Table training, DatasetOptions options, int foldCount, ClassList classes)
    {
        var split = RowSplit.Of(training.RowCount, options.ValidationFraction, options.Seed);
        if (split.Training.Length < foldCount) return [DatasetProblems.TooManyFolds(foldCount, split.Training.Length)];

        var folds = split.FoldsOf(foldCount, options.Seed);
        var labels = ClassLearning.ShardLabelsOf(training, classes);
        var weighty = Enumerable.Range(0, training.RowCount).Where(row => folds[row] >= 0 && (training.Weights?[row] ?? 1) > 0).ToList();
        var empty = Enumerable.Range(0, foldCount).Except(weighty.Select(row => folds[row]));
        var classesInOne = weighty.GroupBy(row => labels[row], row => folds[row]).Where(ofClass => ofClass.Distinct().Count() == 1);
        return
        [
            .. empty.Select(fold => DatasetProblems.FoldWithoutWeight(fold, foldCount)),
            .. classesInOne.Select(ofClass =>
                DatasetProblems.ClassInOneFold(classes.Names[classes.Active[ofClass.Key]], ofClass.Count(), ofClass.First(), foldCount)),
        ];
    }

    /// <summary>Encodes rows as a model was trained, in the order of the input.</summary>
    /// <exception cref="DistTrainException">The input does not fit the model (exit code 4).</exception>
    public static EncodedInput Encode(Table table, FeatureSchema schema, ClassList classes)
    {
        if (table.RowCount == 0) throw DatasetProblems.NoRows(table).AsException();

        var aligned = AlignedTable.Align(table, schema);
        var storages = StorageRule.Choose(schema, FeatureContents.Of(schema, aligned), centersAreFixed: true);
        var plan = StoragePlan.Of(schema, storages);
        var dataset = new DatasetAssembly(schema, classes, plan, seed: 0, SerialFor.Instance).AssembleInOrder(aligned);
        return new EncodedInput(dataset, UnseenCounting.Count(aligned));
    }
}
