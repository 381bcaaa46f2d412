"""The mapping has no pages any more: what older versions added to its pages would keep the new view from being loaded."""


def migrate(cr, version):
    """Forget the views with which the module extended its own; those that are still there are made anew by the data files."""
    cr.execute(
        """WITH own AS (SELECT id, res_id FROM ir_model_data WHERE module = 'xero_connector' AND model = 'ir.ui.view'),
                gone AS (DELETE FROM ir_ui_view v USING own child, own parent
                          WHERE v.id = child.res_id AND v.inherit_id = parent.res_id RETURNING child.id)
           DELETE FROM ir_model_data d USING gone WHERE d.id = gone.id"""
    )
