using DistTrain.Data.Storage;
using DistTrain.Data.Tables;
using DistTrain.Learning.Optimizers.Minibatch;
using DistTrain.Training;

namespace DistTrain.Formats;

/// <summary>The words that files, options and results use for our enumerations.</summary>
public static class Words
{
    public static string Of(OptimizerKind optimizer) => LowerCamel(optimizer.ToString());

    public static string Of(StoppedBy reason) => LowerCamel(reason.ToString());

    public static string Of(LeaseMoveReason reason) => LowerCamel(reason.ToString());

    public static string Of(CalibrationKind calibration) => LowerCamel(calibration.ToString());

    public static string Of(TableFormat format) => LowerCamel(format.ToString());

    /// <summary>The value that <see cref="Of(OptimizerKind)"/> gives this word for, or null.</summary>
    public static OptimizerKind? OptimizerOf(string word) =>
        Enum.GetValues<OptimizerKind>().Cast<OptimizerKind?>().FirstOrDefault(kind => Of(kind!.Value) == word);

    public static string Of(LearningRateSchedule schedule) => LowerCamel(schedule.ToString());

    /// <summary>The value that <see cref="Of(LearningRateSchedule)"/> gives this word for, or null.</summary>
    public static LearningRateSchedule? ScheduleOf(string word) =>
        Enum.GetValues<LearningRateSchedule>().Cast<LearningRateSchedule?>().FirstOrDefault(schedule => Of(schedule!.Value) == word);

    /// <summary>The value that <see cref="Of(CalibrationKind)"/> gives this word for, or null.</summary>
    public static CalibrationKind? CalibrationOf(string word) =>
        Enum.GetValues<CalibrationKind>().Cast<CalibrationKind?>().FirstOrDefault(kind => Of(kind!.Value) == word);

    /// <summary>The value that <see cref="Of(TableFormat)"/> gives this word for, or null.</summary>
    public static TableFormat? FormatOf(string word) =>
        Enum.GetValues<TableFormat>().Cast<TableFormat?>().FirstOrDefault(format => Of(format!.Value) == word);

    /// <summary>The word of --storage.</summary>
    public static string Of(DenseFormat format) => format == DenseFormat.Full ? "float32" : LowerCamel(format.ToString());

    /// <summary>The value that <see cref="Of(DenseFormat)"/> gives this word for, or null.</summary>
    public static DenseFormat? DenseFormatOf(string word) =>
        Enum.GetValues<DenseFormat>().Cast<DenseFormat?>().FirstOrDefault(format => Of(format!.Value) == word);

    static string LowerCamel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
